import Wire

/// What a stub is that has no FLASH ID (90): whether it runs, whether it hashes, how much flash it knows.
///
/// 1. SYN (00) until it answers. The answer's sum is whatever the answer before left behind in 1.3.4 and 1.4.0
///    (ECR6600 facts §4.2), so marker, type, length and status decide.
/// 2. SHA256 (09) over the first four bytes, if the image did not say. A stub without it answers FF as soon as it has
///    read the head and looks for A5 in the rest (§4.1); in this body there is none.
/// 3. Eight bytes at the end of 16 MB, 8 MB, … 1 MB with 03. A stub refuses what ends beyond its flash (§4.2, status 02),
///    so the largest size whose last bytes can be read is the flash's. (The tool of §11.1 takes a 1 MB chip for 2 MB.)
///    The line is quiet before each: nothing in a refusal says which question it answers, and one that arrived twice
///    would make the flash smaller than it is.
struct IdentifyByFrames: Exchange {
    private enum State { case syn, hash, quiet, size }

    /// The sizes that a flash id can name, largest first (§5).
    private static let sizes = stride(from: 24, through: 20, by: -1).map { 1 << $0 }
    private static let probeByteCount = 8

    private let settings: FlasherSettings
    private var traits: StubTraits
    private var question: StubQuestion
    private var state = State.syn
    private var sizesLeft = Self.sizes

    init(_ settings: FlasherSettings, _ traits: StubTraits) {
        self.settings = settings
        self.traits = traits
        question = .syn(settings, attempts: settings.identifyAttempts)
    }

    mutating func begin(_ port: inout HostPort) {
        port.chip.program = .unknown
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        if state == .quiet {
            port.discardInput()
            return .waiting
        }
        guard let answer = question.answer(&port) else { return .waiting }
        switch state {
        case .quiet: return .waiting
        case .syn:
            guard answer.status == .success else { return again(because: "refused with “\(answer.status)”", &port) }
            port.chip.program = .stub
            if traits.hasSHA256 == nil { askForHash(&port) } else { beQuiet(&port) }
            return .waiting
        case .hash:
            if answer.status == .success {
                traits.hasSHA256 = true
            } else if question.asked < settings.commandAttempts {
                // A command that was damaged on its way is answered with FF as well.
                return again(because: "refused with “\(answer.status)”", &port)
            } else {
                traits.hasSHA256 = false
            }
            beQuiet(&port)
            return .waiting
        case .size:
            if answer.status == .success {
                return .done(.framesStub(flashByteCount: sizesLeft[0], traits))
            }
            guard answer.command == .flashUpload, answer.status == .address else {
                return again(because: "refused with “\(answer.status)”", &port)
            }
            sizesLeft.removeFirst()
            guard !sizesLeft.isEmpty else { return .failed(Self.noFlash) }
            beQuiet(&port)
            return .waiting
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        guard state == .quiet else { return again(because: "no answer", &port) }
        askForSize(&port)
        return .waiting
    }

    private mutating func again(because reason: String, _ port: inout HostPort) -> Progress {
        if question.again(&port, because: reason) { return .waiting }
        return .failed(
            Fault(what: question.trouble + ".", remedy: "Was it a stub for the ECR6600? \(Fault.powerCycle)"))
    }

    private mutating func askForHash(_ port: inout HostPort) {
        state = .hash
        question = StubQuestion(
            StubRequest(.sha256, address: 0, length: 4), dataByteCount: 32, patience: settings.answerTimeout,
            attempts: settings.commandAttempts, strayTimeout: settings.strayTimeout)
        question.ask(&port)
    }

    private mutating func beQuiet(_ port: inout HostPort) {
        state = .quiet
        port.wait(settings.sizeProbeQuiet)
    }

    private mutating func askForSize(_ port: inout HostPort) {
        state = .size
        question = .upload((sizesLeft[0] - Self.probeByteCount)..<sizesLeft[0], settings)
        question.ask(&port)
    }

    private static let noFlash = Fault(
        what: "the stub refuses to read even the end of a 1 MB flash.",
        remedy: "It has found no flash, or one that it does not know: a bad contact at the flash, power too weak to "
            + "read it, or a stub too old for this part.",
        kind: .trouble(.flash))
}
