import Images
import Line
import Lint
import Trace
import Wire

/// A made-up session: messages one after the other, 30 ms apart unless it says otherwise. Bytes are those of the ECR6600
/// facts, with the section named.
struct Session {
    private(set) var events: [TraceEvent] = []
    private var now: Int64 = 0

    /// Adds anything, so many milliseconds after what was before it.
    mutating func add(_ kind: TraceEvent.Kind, after milliseconds: Double = 30) {
        now += Int64(milliseconds * 1_000_000)
        events.append(TraceEvent(Instant(nanoseconds: now), kind))
    }

    mutating func host(_ bytes: [UInt8], after milliseconds: Double = 30) {
        add(.data(.hostToChip, bytes), after: milliseconds)
    }
    mutating func chip(_ bytes: [UInt8], after milliseconds: Double = 30) {
        add(.data(.chipToHost, bytes), after: milliseconds)
    }

    /// A message and its answer.
    mutating func ask(_ bytes: [UInt8], _ answer: [UInt8]) {
        host(bytes)
        chip(answer)
    }

    mutating func describe(_ clock: SessionDescription.Clock) {
        add(.session(SessionDescription(program: "a test", programVersion: "1", clock: clock)), after: 0)
    }

    /// "cnys" (§1.4).
    static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    /// §4.2.
    static let syn: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]
    static let synAnswer: [UInt8] = [0x5A, 0x00, 0x00, 0x00, 0x00, 0x00]
    /// §10, §5: GD25Q16E, 2 MB.
    static let flashID: [UInt8] = [0xA5, 0x90, 0x00, 0x00, 0x35]
    static let flashIDAnswer: [UInt8] = [0x5A, 0x90, 0x04, 0x00, 0xC8, 0x40, 0x15, 0x00, 0x00, 0x0B]
    /// §4.2.
    static let chipErase: [UInt8] = [0xA5, 0x05, 0x00, 0x00, 0xAA]
    static let chipErased: [UInt8] = [0x5A, 0x05, 0x00, 0x00, 0x00, 0x5F]
    static let erased: [UInt8] = [0x5A, 0x04, 0x00, 0x00, 0x00, 0x5E]
    static let run: [UInt8] = [0xA5, 0x06, 0x00, 0x00, 0xAB]
    static let running: [UInt8] = [0x5A, 0x06, 0x00, 0x00, 0x00, 0x60]
    static let baudChanged: [UInt8] = [0x5A, 0x07, 0x00, 0x00, 0x00, 0x61]
    static let written: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x00, 0x5C]
    static let writtenWrong: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x05, 0x61]
    static let writeOutOfRange: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x02, 0x5E]
    static let ack: [UInt8] = [0x06]
    static let nak: [UInt8] = [0x15]
    static let eot: [UInt8] = [0x04]
    static let ready: [UInt8] = [0x43]

    static func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

    /// A frame with its sum (§4).
    static func frame(_ bytes: [UInt8]) -> [UInt8] { bytes + [sum8(bytes.span)] }

    /// A command with an address and a length.
    static func range(_ command: UInt8, _ address: UInt32, _ length: UInt32) -> [UInt8] {
        frame([0xA5, command, 0x08, 0x00] + little(address) + little(length))
    }

    static func baud(_ rate: UInt32) -> [UInt8] { frame([0xA5, 0x07, 0x04, 0x00] + little(rate)) }

    static func contents(_ count: Int, seed: Int = 0) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed &* 97 &+ ($0 >> 8)) }
    }

    /// A data frame of 02: `A5 type n16 flag data[n-1] sum8` (§4.3).
    static func data(_ bytes: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        let count = UInt16(bytes.count + 1)
        return frame([0xA5, 0x02, UInt8(count & 255), UInt8(count >> 8), flag] + bytes)
    }

    /// What 03 answers: `5A 03 n16 data status(00) sum8` (§4.3).
    static func upload(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        return frame([0x5A, 0x03, UInt8(count & 255), UInt8(count >> 8)] + bytes + [0x00])
    }

    /// A block of 1024 bytes (§10).
    static func block(_ number: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        XMODEM.appendBlock(number: number, data: contents(1024, seed: Int(number)).span, to: &bytes)
        return bytes
    }

    /// `5A 09 20 00 hash[32] 00 sum8` (§4.3).
    static let hash = frame([0x5A, 0x09, 0x20, 0x00] + contents(32) + [0x00])

    /// Sync, header, an image of a stub and its pieces' answers (§1.4), and the first command.
    mutating func upload(_ image: [UInt8] = contents(2048)) {
        ask(Self.sync, [0x01])
        ask(Self.little(1) + Self.little(0x10000) + Self.little(UInt32(image.count)), [0x00])
        var rest = image[...]
        while !rest.isEmpty {
            ask(Array(rest.prefix(1024)), [0x00])
            rest = rest.dropFirst(1024)
        }
    }

    /// The same with an image that is told for a version.
    mutating func upload(_ version: StubImage.Version) { upload(StubImage.placeholder(for: version)) }

    /// A write by 91 up to where blocks are awaited (§10).
    mutating func beginXMODEMWrite(_ address: UInt32 = 0x8000, _ length: UInt32 = 1024) {
        ask(Self.range(0x91, address, length), [0x5A, 0x91, 0x00, 0x00, 0x00, 0xEB])
        chip(Self.ready, after: 150)
    }

    /// The start of a write by 02, answered.
    mutating func beginWrite(_ address: UInt32 = 0x8000, _ length: UInt32) {
        ask(Self.range(0x02, address, length), Self.written)
    }
}

extension Linter {
    static func report(_ events: some Sequence<TraceEvent>) -> LintReport {
        var linter = Linter()
        for event in events { linter.other(event) }
        return linter.finish()
    }
}

extension LintReport {
    /// What was found, as `level rule`, in the order of the times.
    var brief: [String] { findings.map { "\($0.finding.level.name) \($0.rule.id)" } }

    /// The findings of one rule.
    func of(_ id: String) -> [LintFinding] { findings.filter { $0.rule.id == id }.map(\.finding) }

    func levels(of id: String) -> [FindingLevel] { of(id).map(\.level) }

    func isJudged(_ id: String) -> Bool { !unjudged.contains { $0.rule.id == id } }
}

/// What the rules make of a made-up session, whose times are a line's unless it says otherwise.
func lint(_ clock: SessionDescription.Clock = .line, _ build: (inout Session) -> Void) -> LintReport {
    var session = Session()
    session.describe(clock)
    build(&session)
    return Linter.report(session.events)
}
