import Line
import Wire

/// What went one way and is no step yet, and when each byte of it came.
struct UnnamedBytes: Sendable {
    private struct Run: Sendable {
        /// The offset behind its last byte, from the stream's beginning.
        var end: Int
        var time: Instant
    }

    /// Bytes that have become steps.
    private(set) var offset = 0
    private var bytes = Queue<UInt8>()
    private var runs = Queue<Run>()

    /// A stretch of bytes, and when they came.
    struct Taken {
        var offset: Int
        var bytes: [UInt8]
        var start: Instant
        var end: Instant
        var runEnds: [TraceStep.RunEnd]
    }

    var count: Int { bytes.count }

    mutating func append(_ run: Span<UInt8>, at time: Instant) {
        bytes.append(contentsOf: run)
        runs.append(Run(end: offset + bytes.count, time: time))
    }

    /// How many bytes from a place on belong to one step, where no protocol explains them: to the end of a line, to a place
    /// that the bytes before it choose, so that a byte more or less does not move all that follows, or to 256 bytes.
    /// - Parameters:
    ///   - most: bytes that are known to have no meaning.
    ///   - tail: the last four bytes of the step; 0 at its beginning.
    func stretch(from place: Int, most: Int, _ tail: inout UInt32) -> (count: Int, isEnd: Bool) {
        let limit = min(most, Self.longestStretch - place)
        var (count, last) = (0, tail)
        for byte in bytes.waiting.dropFirst(place).prefix(limit) {
            last = last << 8 | UInt32(byte)
            count += 1
            let isEnd = byte == 0x0A || Self.isPlaceToCut(last) && !SessionEvent.Kind.isText(byte)
            guard isEnd || count == limit else { continue }
            tail = last
            return (count, isEnd || place + count == Self.longestStretch)
        }
        return (0, false)
    }

    private static let longestStretch = 256

    /// One place in 64, and none in a run of one byte.
    private static func isPlaceToCut(_ tail: UInt32) -> Bool {
        ((tail &+ 0x85EB_CA6B) &* 0x9E37_79B1) >> 26 == 0
    }

    /// Takes the first bytes, no more than there are, and at least one.
    mutating func take(_ count: Int, keepsRunEnds: Bool) -> Taken {
        var taken = Taken(
            offset: offset, bytes: Array(bytes.waiting.prefix(count)), start: runs[0].time, end: runs[0].time,
            runEnds: [])
        bytes.drop(count)
        offset += count
        while true {
            let run = runs[0]
            taken.end = run.time
            if keepsRunEnds, run.end <= offset {
                taken.runEnds.append(TraceStep.RunEnd(place: run.end - taken.offset, time: run.time))
            }
            if run.end <= offset { runs.drop(1) }
            if run.end >= offset { return taken }
        }
    }
}
