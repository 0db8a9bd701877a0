/// Runs of characters waiting in order, without a heap object for each: what a wire holds, what an end has yet to send.
package struct RunQueue: Sendable {
    private var characters = Queue<UInt8>()
    private var runs = Queue<(count: Int, timing: RunTiming)>()

    package init() {}

    package var isEmpty: Bool { runs.isEmpty }

    /// Characters in the queue.
    package var count: Int { characters.count }

    /// The run at the head: how many characters are left of it and when they cross the line.
    package var first: (count: Int, timing: RunTiming)? { runs.first }

    /// The run at the end.
    package var last: (count: Int, timing: RunTiming)? { runs.last }

    /// Puts a run at the end; an empty one is ignored.
    package mutating func append(_ run: Span<UInt8>, timing: RunTiming) {
        guard !run.isEmpty else { return }
        characters.append(contentsOf: run)
        runs.append((run.count, timing))
    }

    /// Puts a run at the end that `write` appends to the array it is given; an empty one is ignored.
    package mutating func append(timing: RunTiming, by write: (inout [UInt8]) -> Void) {
        let before = characters.count
        characters.append(by: write)
        let count = characters.count - before
        if count > 0 { runs.append((count, timing)) }
    }

    /// Puts a run at the end, as part of the one before if it follows that without a gap.
    package mutating func join(_ run: Span<UInt8>, timing: RunTiming) {
        guard !run.isEmpty else { return }
        guard let last, last.timing.end(of: last.count) == timing.start, last.timing.spacing == timing.spacing,
            last.timing.rate == timing.rate
        else { return append(run, timing: timing) }
        characters.append(contentsOf: run)
        runs[runs.count - 1].count += run.count
    }

    /// Moves the first `count` characters of the head run to `destination`.
    package mutating func take(_ count: Int, into destination: inout [UInt8]) {
        characters.take(count, into: &destination)
        shorten(by: count)
    }

    /// Takes a single character off the head run.
    package mutating func takeFirst() -> UInt8 {
        shorten(by: 1)
        return characters.removeFirst()
    }

    /// Drops the first `count` characters of the head run.
    package mutating func drop(_ count: Int) {
        characters.drop(count)
        shorten(by: count)
    }

    /// Takes what has arrived whole at `moment`, of all runs, in one piece. - Returns: whether there was anything.
    package mutating func take(arrivedBy moment: Instant, _ body: (Span<UInt8>) -> Void) -> Bool {
        var count = 0
        while let (left, timing) = runs.first {
            let arrived = timing.arrived(by: moment, of: left)
            guard arrived > 0 else { break }
            count += arrived
            shorten(by: arrived)
            guard arrived == left else { break }
        }
        guard count > 0 else { return false }
        let arrived = characters.waiting.prefix(count)
        body(arrived.span)
        characters.drop(count)
        return true
    }

    /// Drops everything.
    package mutating func removeAll() {
        characters.removeAll()
        runs.removeAll()
    }

    private mutating func shorten(by count: Int) {
        precondition(!isEmpty && count <= runs[0].count, "more than the head run holds")
        if count == runs[0].count {
            runs.drop(1)
        } else {
            runs[0] = (runs[0].count - count, runs[0].timing.dropping(count))
        }
    }
}
