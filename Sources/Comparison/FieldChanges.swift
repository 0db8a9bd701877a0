import Wire
import Words

/// A field of a message that has another value in the other trace.
package struct FieldChange: Hashable, Sendable {
    package var name: String
    /// In A; nil where it has none.
    package var a: String?
    package var b: String?

    /// The fields in which two messages differ, in their order.
    static func between(_ a: SessionEvent.Kind, _ b: SessionEvent.Kind) -> [FieldChange] {
        let (ours, theirs) = (a.fields, b.fields)
        let names = ours.map(\.name) + theirs.map(\.name).filter { name in !ours.contains { $0.name == name } }
        return names.compactMap { name in
            let change = FieldChange(
                name: name, a: ours.first { $0.name == name }?.value, b: theirs.first { $0.name == name }?.value)
            return change.a == change.b ? nil : change
        }
    }
}

extension SessionEvent.Kind {
    /// What the message says, by the names that descriptions leave out.
    fileprivate var fields: [(name: String, value: String)] {
        switch self {
        case .downloadHeader(let header):
            [("address", hex(header.address)), ("length", "\(header.length)"), ("type", "\(header.type)")]
        case .payload(let done, let total): [("place", "\(done)"), ("length", "\(total)")]
        case .request(let request):
            request.body.fields + [("sum", request.sumIsRight ? "right" : "wrong")]
        case .answer(let answer):
            [
                ("command", answer.command.description), ("status", "\(answer.status.rawValue) (\(answer.status))"),
                ("length", "\(answer.data.count)"), ("sum", answer.sum.name),
            ]
        case .uploadFrame(let count, let done, let total, let sum):
            [("length", "\(count)"), ("place", "\(done)"), ("total", "\(total)"), ("sum", sum.name)]
        case .xmodemBlock(let block):
            [
                ("number", "\(block.number)"), ("length", "\(block.dataByteCount)"),
                ("CRC", block.isIntact ? "right" : "wrong"),
            ]
        default: []
        }
    }
}

extension StubRequestSummary.Body {
    fileprivate var fields: [(name: String, value: String)] {
        switch self {
        case .empty, .bytes: []
        case .range(let address, let length): [("address", hex(address)), ("length", "\(length)")]
        case .compressedRange(let address, let length, let level):
            [("address", hex(address)), ("length", "\(length)"), ("level", "\(level)")]
        case .baud(let baud): [("baud", "\(baud)")]
        case .data(let count, let again), .lateData(let count, let again, _, _):
            [("length", "\(count)"), ("flag", again ? "again" : "new")]
        case .efuse(let operation, let address, let length):
            [("operation", "\(operation)"), ("address", hex(address)), ("length", "\(length)")]
        case .efuseData(let count): [("length", "\(count)")]
        }
    }
}

extension SessionEvent.SumVerdict {
    fileprivate var name: String {
        switch self {
        case .right: "right"
        case .stale: "stale"
        case .wrong: "wrong"
        }
    }
}
