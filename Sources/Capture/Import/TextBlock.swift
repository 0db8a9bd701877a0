import Line
import Trace

/// A run of bytes that a text gives in several lines: written when its last line was read, in pieces where it is long.
struct TextBlock {
    let direction: Direction
    let time: Instant
    /// The number of the line that announces it.
    let lineNumber: Int
    /// How many bytes it is said to have; nil where nothing says it.
    let expectedCount: Int?
    /// Bytes read so far.
    private(set) var count = 0
    /// Those of them that are not written yet.
    var bytes: [UInt8] = []

    /// More than a record of a trace takes is written at once.
    static let pieceByteCount = 65_535

    init(_ direction: Direction, at time: Instant, lineNumber: Int, expectedCount: Int?) {
        self.direction = direction
        self.time = time
        self.lineNumber = lineNumber
        self.expectedCount = expectedCount
    }

    var isWhole: Bool { count == expectedCount }

    /// Takes a byte, unless it has all it was said to have. - Returns: whether it was taken.
    @inline(__always)
    mutating func append(_ byte: UInt8, to sink: ImportSink) throws(CaptureError) -> Bool {
        if count == expectedCount { return false }
        bytes.append(byte)
        count += 1
        if bytes.count == Self.pieceByteCount { try flush(to: sink) }
        return true
    }

    /// Writes what is not written. What it was said to have and has not is lost.
    mutating func end(in sink: ImportSink) throws(CaptureError) {
        try flush(to: sink)
        guard let expectedCount, expectedCount > count else { return }
        sink.problem(at: "line \(lineNumber)", "says \(expectedCount) bytes, and \(count) follow")
        try sink.add(
            TraceEvent(
                time, .lost(direction, count: expectedCount - count, reason: "the recording does not have them")))
    }

    private mutating func flush(to sink: ImportSink) throws(CaptureError) {
        guard !bytes.isEmpty else { return }
        try sink.add(bytes.span, direction, at: time)
        bytes.removeAll(keepingCapacity: true)
    }
}
