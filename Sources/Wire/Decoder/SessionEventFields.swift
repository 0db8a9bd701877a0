/// A part of a message that has a name.
package struct MessageField: Hashable, Sendable {
    package var name: String
    /// nil for all that the others leave; at most one of a message's.
    package var byteCount: Int?

    init(_ name: String, _ byteCount: Int?) {
        self.name = name
        self.byteCount = byteCount
    }
}

extension SessionEvent {
    /// Its parts in their order (ECR6600 facts §1.4, §4, §10); empty where it has none, or is too short for them.
    package var fields: [MessageField] {
        let fields = kind.fields(in: byteCount)
        let fixed = fields.compactMap(\.byteCount).reduce(0, +)
        let hasRest = fields.contains { $0.byteCount == nil }
        return hasRest ? (byteCount >= fixed ? fields : []) : (byteCount == fixed ? fields : [])
    }
}

extension SessionEvent.Kind {
    fileprivate func fields(in byteCount: Int) -> [MessageField] {
        switch self {
        case .amtWord: [MessageField("word", 4), MessageField("rest", nil)]
        case .downloadHeader: [MessageField("type", 4), MessageField("address", 4), MessageField("length", 4)]
        case .request(let request): frame(request.body.fields)
        case .answer(let answer): frame(answer.fields)
        case .uploadFrame: frame([MessageField("data", nil), MessageField("status", 1)])
        case .xmodemBlock(let block):
            [
                MessageField(block.dataByteCount == XMODEM.dataByteCount ? "STX" : "SOH", 1), MessageField("number", 1),
                MessageField("complement", 1), MessageField("data", block.dataByteCount),
                MessageField(byteCount == block.dataByteCount + 4 ? "sum" : "CRC", nil),
            ]
        default: []
        }
    }

    private func frame(_ body: [MessageField]) -> [MessageField] {
        [MessageField("marker", 1), MessageField("type", 1), MessageField("length", 2)] + body
            + [MessageField("sum", 1)]
    }
}

extension StubRequestSummary.Body {
    fileprivate var fields: [MessageField] {
        switch self {
        case .empty: []
        case .range: [MessageField("address", 4), MessageField("length", 4)]
        case .compressedRange: [MessageField("address", 4), MessageField("length", 4), MessageField("level", 1)]
        case .baud: [MessageField("baud", 4)]
        case .data, .lateData: [MessageField("flag", 1), MessageField("data", nil)]
        case .efuse: [MessageField("operation", 2), MessageField("address", 2), MessageField("length", 2)]
        case .efuseData: [MessageField("data", nil)]
        case .bytes(let bytes): bytes.isEmpty ? [] : [MessageField("body", nil)]
        }
    }
}

extension StubAnswerSummary {
    fileprivate var fields: [MessageField] {
        if data.isEmpty { return [MessageField("status", 1)] }
        // What is read of the eFuse has no status (§4.3).
        return command == .efuse
            ? [MessageField("data", nil)] : [MessageField("data", nil), MessageField("status", 1)]
    }
}
