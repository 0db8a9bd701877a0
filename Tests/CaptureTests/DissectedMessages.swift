import Capture
import Line
import Story
import Trace
import Wire

/// The messages of a trace, as two readers have them: of each field its values, in the order of the messages.
struct DissectedMessages: Equatable {
    var values: [String: [String]] = [:]

    static let fields = [
        "ecr6600.message", "ecr6600.direction", "ecr6600.command", "ecr6600.status", "ecr6600.address",
        "ecr6600.length", "ecr6600.sum", "ecr6600.sum.status", "ecr6600.block",
    ]

    /// As the dissector shows them. - Parameter passes: 2, and each is shown where it ends, as in Wireshark.
    init(of path: String, script: String, passes: Int) throws {
        let rows = try Tshark.lines(
            ["-X", "lua_script:\(script)", "-r", path, "-Y", "ecr6600.message", "-T", "fields"]
                + (passes == 2 ? ["-2"] : []) + Self.fields.flatMap { ["-e", $0] })
        for row in rows {
            for (field, cell) in zip(Self.fields, row.split(separator: "\t", omittingEmptySubsequences: false)) {
                values[field, default: []] += cell.split(separator: ",").map(Self.number)
            }
        }
    }

    /// "0x90" as "144"; anything else as it is.
    private static func number(_ text: Substring) -> String {
        guard text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) else { return String(text) }
        return String(number)
    }

    /// As our own decoder names them.
    init(decoding path: String) throws {
        var messages = DissectedMessages()
        var follower = SessionFollower(keepsBytes: true)
        let tell = { (told: SessionFollower.Told) in
            if case .event(let event, let bytes) = told { messages.add(event, bytes) }
        }
        try TraceReader(opening: path).follow { bytes, direction, time in
            follower.data(bytes, direction, at: time, tell: tell)
        } other: { event in
            follower.other(event, tell: tell)
        }
        follower.finish(tell: tell)
        self = messages
    }

    private init() {}

    private mutating func add(_ field: String, _ value: (some BinaryInteger)?) {
        if let value { values["ecr6600.\(field)", default: []].append(String(value)) }
    }

    /// - Parameter bytes: the event's.
    private mutating func add(_ event: SessionEvent, _ bytes: [UInt8]) {
        values["ecr6600.message", default: []].append(event.kind.name)
        values["ecr6600.direction", default: []].append(event.direction.name)
        switch event.kind {
        case .request(let request):
            add("command", request.command.rawValue)
            add(request.body)
            addSum(bytes.last, request.sumIsRight ? .right : .wrong)
        case .answer(let answer):
            add("command", answer.command.rawValue)
            // An eFuse read has no status byte (ECR6600 facts §4.3).
            let hasStatus = bytes.count == answer.data.count + 6
            add("status", hasStatus ? answer.status.rawValue : nil)
            add("length", answer.data.isEmpty ? nil : answer.data.count)
            addSum(bytes.last, answer.sum)
        case .uploadFrame(let count, _, _, let sum):
            add("command", StubCommand.flashUpload.rawValue)
            add("status", bytes[bytes.count - 2])
            add("length", count)
            addSum(bytes.last, sum)
        case .downloadHeader(let header):
            add("address", header.address)
            add("length", header.length)
        case .payload: add("length", event.byteCount)
        case .xmodemBlock(let block):
            add("block", block.number)
            add("length", block.dataByteCount)
            // Blocks with a CRC have two bytes at their end (§10).
            addSum(bytes.count == block.dataByteCount + 4 ? bytes.last : nil, block.isIntact ? .right : .wrong)
        default: break
        }
    }

    private mutating func add(_ body: StubRequestSummary.Body) {
        switch body {
        case .range(let address, let length), .compressedRange(let address, let length, _):
            add("address", address)
            add("length", length)
        case .efuse(_, let address, let length):
            add("address", address)
            add("length", length)
        case .data(let count, _), .lateData(let count, _, _, _), .efuseData(let count):
            add("length", count == 0 ? nil : count)
        case .empty, .baud, .bytes: break
        }
    }

    private mutating func addSum(_ byte: UInt8?, _ verdict: SessionEvent.SumVerdict) {
        add("sum", byte)
        let word =
            switch verdict {
            case .right: "good"
            case .stale: "stale"
            case .wrong: "bad"
            }
        values["ecr6600.sum.status", default: []].append(word)
    }
}
