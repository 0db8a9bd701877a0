import Line

/// Characters that were handed over before their time: they wait here until it has come.
struct Arrivals {
    private var bytes: [UInt8] = []
    private var head = 0
    private var runs: [(count: Int, timing: RunTiming)] = []
    private var firstRun = 0

    mutating func append(_ characters: Span<UInt8>, timing: RunTiming) {
        guard !characters.isEmpty else { return }
        characters.withUnsafeBufferPointer { bytes += $0 }
        runs.append((characters.count, timing))
    }

    /// When the first run that waits is there whole. An exchange has no use for half a run sooner than that.
    var next: Instant? {
        guard firstRun < runs.count else { return nil }
        return runs[firstRun].timing.end(of: runs[firstRun].count)
    }

    /// Moves what has arrived at `now` into the port. - Returns: whether there was anything.
    mutating func move(by now: Instant, into port: inout HostPort) -> Bool {
        var count = 0
        while firstRun < runs.count {
            let arrived = runs[firstRun].timing.arrived(by: now, of: runs[firstRun].count)
            count += arrived
            guard arrived == runs[firstRun].count else {
                runs[firstRun].count -= arrived
                runs[firstRun].timing = runs[firstRun].timing.dropping(arrived)
                break
            }
            firstRun += 1
        }
        guard count > 0 else { return false }
        port.arrive(bytes.span.extracting(head..<(head + count)))
        head += count
        if firstRun == runs.count {
            bytes.removeAll(keepingCapacity: true)
            runs.removeAll(keepingCapacity: true)
            head = 0
            firstRun = 0
        }
        return true
    }
}
