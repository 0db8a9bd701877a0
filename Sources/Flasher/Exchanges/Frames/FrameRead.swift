import Digests
import Wire
import Words

/// Command 03, piece by piece: each is one request and one frame, and asked for again if the frame is damaged
/// (ECR6600 facts §4.3). The stub needs nothing from the host while it sends.
struct FrameRead: Exchange {
    /// What the bytes are wanted for.
    enum Purpose { case contents, digest }

    private let settings: FlasherSettings
    private let traits: StubTraits
    private let range: Range<Int>
    private let purpose: Purpose
    private var question: StubQuestion
    private var bytes: [UInt8] = []
    private var isAbandoned = false

    /// - Parameters:
    ///   - range: not empty, inside the flash.
    ///   - purpose: whether the finding is what was read, or its SHA-256: how a stub without a hash is verified.
    init(_ settings: FlasherSettings, _ traits: StubTraits, range: Range<Int>, for purpose: Purpose = .contents) {
        self.settings = settings
        self.traits = traits
        self.range = range
        self.purpose = purpose
        bytes.reserveCapacity(range.count)
        question = .upload(Self.piece(of: range, after: 0, traits), settings)
    }

    private static func piece(of range: Range<Int>, after count: Int, _ traits: StubTraits) -> Range<Int> {
        let start = range.lowerBound + count
        return start..<min(start + traits.uploadByteCount, range.upperBound)
    }

    mutating func begin(_ port: inout HostPort) {
        ask(&port)
    }

    private mutating func ask(_ port: inout HostPort) {
        question.ask(&port)
        patient(&port)
    }

    /// The answer needs its time on the wire as well.
    private func patient(_ port: inout HostPort) {
        port.chip.program = .stubBusy
        let count = question.request.bytes.count + question.dataByteCount + StubAnswer.frameByteCount
        port.wait(question.patience, afterSending: count)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        if isAbandoned {
            port.discardInput()
            port.wait(settings.blockQuiet)
            return .waiting
        }
        guard let answer = question.answer(&port) else { return .waiting }
        guard answer.status == .success else { return again(because: "refused with “\(answer.status)”", &port) }
        bytes += answer.data
        port.report(.progress(port.phase, done: bytes.count, total: range.count))
        guard bytes.count == range.count else {
            question = .upload(Self.piece(of: range, after: bytes.count, traits), settings)
            ask(&port)
            return .waiting
        }
        port.chip.program = .stub
        return .done(purpose == .contents ? .bytes(bytes) : .digest(SHA256.of(bytes)))
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        guard !isAbandoned else {
            port.chip.program = .stub
            return .done(.nothing)
        }
        return again(because: "no good frame", &port)
    }

    private mutating func again(because reason: String, _ port: inout HostPort) -> Progress {
        guard question.again(&port, because: "\(reason) at \(hex(range.lowerBound + bytes.count))") else {
            return .failed(
                Fault(
                    what: "the read broke off at \(hex(range.lowerBound + bytes.count)): \(question.trouble).",
                    remedy: "The line loses bytes: shorter wires, a better ground, a lower baud."))
        }
        patient(&port)
        return .waiting
    }

    /// The stub sends the piece to its end, whatever the host does, and then takes commands.
    mutating func abandon(_ port: inout HostPort) -> Bool {
        isAbandoned = true
        port.discardInput()
        port.wait(settings.blockQuiet)
        return true
    }
}
