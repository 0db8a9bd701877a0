/// Runs of characters waiting in order, without a heap object for each: what a wire holds, what an end has yet to send.
package struct RunQueue: Sendable {
    private var characters: [UInt8] = []
    private var head = 0
    private var runs: [(count: Int, timing: RunTiming)] = []
    private var firstRun = 0

    package init() {}

    package var isEmpty: Bool { firstRun == runs.count }

    /// Characters in the queue.
    package var count: Int { characters.count - head }

    /// The run at the head: how many characters are left of it and when they cross the line.
    package var first: (count: Int, timing: RunTiming)? { isEmpty ? nil : runs[firstRun] }

    /// The run at the end.
    package var last: (count: Int, timing: RunTiming)? { isEmpty ? nil : runs[runs.count - 1] }

    /// Puts a run at the end; an empty one is ignored.
    package mutating func append(_ run: Span<UInt8>, timing: RunTiming) {
        guard !run.isEmpty else { return }
        reclaim()
        run.withUnsafeBufferPointer { characters.append(contentsOf: $0) }
        runs.append((run.count, timing))
    }

    /// Puts a run at the end, as part of the one before if it follows that without a gap.
    package mutating func join(_ run: Span<UInt8>, timing: RunTiming) {
        let before = runs.count
        let end = last.map { count, timing in timing.end(of: count) }
        append(run, timing: timing)
        guard let end, end == timing.start, runs.count >= 2, runs.count == before + 1 else { return }
        let earlier = runs[runs.count - 2]
        guard earlier.timing.spacing == timing.spacing, earlier.timing.rate == timing.rate else { return }
        runs.removeLast()
        runs[runs.count - 1].count += run.count
    }

    /// Moves the first `count` characters of the head run to `destination`.
    package mutating func take(_ count: Int, into destination: inout [UInt8]) {
        destination.append(contentsOf: characters[head..<(head + count)])
        drop(count)
    }

    /// Takes a single character off the head run.
    package mutating func takeFirst() -> UInt8 {
        let character = characters[head]
        drop(1)
        return character
    }

    /// Throws the first `count` characters of the head run away.
    package mutating func drop(_ count: Int) {
        precondition(!isEmpty && count <= runs[firstRun].count, "more than the head run holds")
        head += count
        if count == runs[firstRun].count {
            firstRun += 1
        } else {
            runs[firstRun] = (runs[firstRun].count - count, runs[firstRun].timing.dropping(count))
        }
    }

    /// Throws everything away.
    package mutating func removeAll() {
        characters.removeAll(keepingCapacity: true)
        runs.removeAll(keepingCapacity: true)
        head = 0
        firstRun = 0
    }

    /// Gives back the room of what has been taken, in amortised constant time.
    private mutating func reclaim() {
        if isEmpty {
            removeAll()
        } else if head > characters.count / 2 {
            characters.removeFirst(head)
            runs.removeFirst(firstRun)
            head = 0
            firstRun = 0
        }
    }
}
