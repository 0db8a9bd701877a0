/// What faults did to characters that are still on their way to the host; reported when their offsets in what the host
/// receives are known.
struct WireDifferences: Sendable {
    struct Difference: Sendable {
        /// Characters of the wire, counted from the line's beginning.
        var place: Int
        var count: Int
        /// What the chip had sent instead.
        var sent: [UInt8]
        var cause: LineDifference.Cause
    }

    private var waiting = Queue<Difference>()
    /// Characters that were put on the wire, and those of them that have left it.
    private var put = 0
    private var released = 0

    /// Notes a difference in a run that is about to be put on the wire.
    mutating func add(_ left: Range<Int>, sent: [UInt8], cause: LineDifference.Cause) {
        waiting.append(Difference(place: put + left.lowerBound, count: left.count, sent: sent, cause: cause))
    }

    mutating func put(_ count: Int) { put += count }

    mutating func release(_ count: Int) { released += count }

    /// The next difference in the next `count` characters, and how many of them come before it. The rest of a longer
    /// difference is the next one then.
    mutating func next(within count: Int) -> (Difference, before: Int)? {
        guard var difference = waiting.first else { return nil }
        let end = released + count
        guard difference.place < end || (difference.count == 0 && difference.place <= released) else { return nil }
        if difference.place + difference.count > end {
            let rest = difference.place + difference.count - end
            difference.count -= rest
            waiting[0] = Difference(place: end, count: rest, sent: [], cause: difference.cause)
        } else {
            waiting.drop(1)
        }
        return (difference, difference.place - released)
    }

    /// What the chip had sent where the next characters of the wire are `piece`; the differences in it are then
    /// reported.
    mutating func undo(in piece: [UInt8]) -> [UInt8] {
        var sent: [UInt8] = []
        var index = 0
        while let (difference, before) = next(within: piece.count) {
            sent += piece[index..<before] + difference.sent
            index = before + difference.count
        }
        return sent + piece[index...]
    }
}
