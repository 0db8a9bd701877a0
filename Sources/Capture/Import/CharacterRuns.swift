import Line
import Trace

/// Makes runs of single characters, as analysers of wires have them: a run is what one end sent without a pause of more
/// than a character, and nothing from the other end between.
struct CharacterRuns {
    private let sink: ImportSink
    private var bytes: [UInt8] = []
    private var direction = Direction.hostToChip
    /// When the run's last character was over, in nanoseconds, and how long it took.
    private var end: Int64 = 0
    private var length: Int64 = 0
    /// Characters with errors, by their kind.
    private(set) var errorCount = 0

    /// Bytes in a run at most.
    private static let byteLimit = 4096

    init(_ sink: ImportSink) {
        self.sink = sink
    }

    /// Takes the next character in the order of their ends.
    /// - Parameters:
    ///   - start: when it began, in nanoseconds; `end` when it was over.
    ///   - errors: what was wrong with it, it is kept all the same.
    mutating func append(
        _ byte: UInt8, _ direction: Direction, from start: Int64, to end: Int64, errors: [ReceiveError] = []
    ) throws(CaptureError) {
        if direction != self.direction || start - self.end > max(length, end - start) || bytes.count >= Self.byteLimit {
            try flush()
        }
        self.direction = direction
        bytes.append(byte)
        (self.end, length) = (end, end - start)
        guard !errors.isEmpty else { return }
        try flush()
        errorCount += errors.count
        for error in errors {
            try sink.add(TraceEvent(Instant(nanoseconds: end), .receiveError(direction, error, count: 1)))
        }
    }

    /// Writes the run that is not over yet.
    mutating func flush() throws(CaptureError) {
        guard !bytes.isEmpty else { return }
        try sink.add(bytes.span, direction, at: Instant(nanoseconds: end))
        bytes.removeAll(keepingCapacity: true)
    }
}
