import Line
import Wire

/// A message of the session, with what rules want to know beyond its name.
struct LintedMessage: Sendable {
    var event: SessionEvent
    /// From its first start bit to its last stop bit, in nanoseconds on the trace's clock; where the trace does not have that,
    /// from the stamp of its first byte to that of its last.
    var wire: Range<Int64>
    /// Whether the chip is known to have received something else.
    var isSpoiled: Bool
    /// What the data frame of a download says of itself; nil for other messages.
    var frame: DataFrame?
    /// The image of a RAM download, if it is now complete and no longer than RAM has room for.
    var image: [UInt8]?

    var isOfHost: Bool { event.direction == .hostToChip }

    /// What the host asks, if it is a request.
    var request: StubRequestSummary? {
        if case .request(let request) = event.kind { request } else { nil }
    }

    /// What a stub answers, if it is an answer.
    var answer: StubAnswerSummary? {
        if case .answer(let answer) = event.kind { answer } else { nil }
    }
}

/// What a data frame of 01 or 02 says of itself (ECR6600 facts §4.3).
struct DataFrame: Sendable {
    /// 1: the frame before, again.
    var flag: UInt8
    /// Bytes of data.
    var count: Int
    /// Whether its data are those of the frame before, or their beginning.
    var repeatsFrameBefore: Bool
    /// Bytes from A5 to the sum.
    var byteCount: Int { count + 6 }
}

/// Bytes of one direction, as the trace has them.
struct DataRun: Sendable {
    var direction: Direction
    var count: Int
    /// Likewise, as far as the rate is known.
    var wire: Range<Int64>
}
