import Line
import Wire
import Words

/// Command 02: a start frame that erases, then data frames, each of them acknowledged (ECR6600 facts §4.3).
///
/// A frame whose sum was wrong is written and counted all the same, and goes out again with flag 1. The last frame of a
/// command must not: the announced length has run out with it, and the stub would read it as a start command. Its sector
/// is written anew by a command of its own. After silence, or anything else that is not understood, the host cannot
/// know where the stub stands; it leaves the download (`LeaveDownload`) and begins a new one at the frame in doubt,
/// which erases what may have gone wrong. The comparison afterwards has the last word.
///
/// Nothing in an answer says which frame it is of. One that arrived twice lets the host run a frame ahead of the stub,
/// which shows in an answer that is there before its frame has left (or in a pseudo-terminal, where bytes take no time).
/// After such an answer the host asks at the end of the command whether the stub takes commands again, and writes the
/// whole command anew if it still waits for data.
///
/// One command covers at most 64 KB up to a boundary of 64 KB, which is one erase (§4.4) and keeps the way out short.
/// What begins at address 0 is a command of 4 KB: more is undefined (§10).
struct FrameWrite: Exchange {
    private enum State { case starting, frame, confirming, leaving(LeaveDownload) }

    /// Bytes of data in a frame: 1.3.11's buffer takes no more (§4.3).
    static let frameByteCount = 4096
    static let longestCommandByteCount = 0x10000

    private let settings: FlasherSettings
    private let address: Int
    private let bytes: [UInt8]
    private var state = State.starting
    private var question: StubQuestion
    /// Offset of the first byte that was not acknowledged, and the furthest that it has been.
    private var acknowledged = 0
    private var furthest = 0
    /// Offsets that the current command covers.
    private var command: Range<Int>
    /// When the last byte of the current question has left, and whether an answer in this command was there before.
    private var questionLeft = Instant.zero
    private var hadEarlyAnswer = false
    private var refusals = 0
    private var resumes = 0
    private var isAbandoned = false
    private var isLost = false

    /// - Parameters:
    ///   - address: a multiple of 4096.
    ///   - bytes: a multiple of 4096 of them.
    init(_ settings: FlasherSettings, address: Int, bytes: [UInt8]) {
        precondition(address % SectorPlan.sectorByteCount == 0 && bytes.count % SectorPlan.sectorByteCount == 0)
        self.settings = settings
        self.address = address
        self.bytes = bytes
        command = Self.command(from: 0, at: address, of: bytes.count)
        question = Self.start(settings, address..<(address + command.upperBound))
    }

    /// What a command that begins at an offset covers.
    private static func command(from offset: Int, at address: Int, of count: Int) -> Range<Int> {
        let position = address + offset
        let most =
            position == 0
            ? SectorPlan.sectorByteCount : longestCommandByteCount - position % longestCommandByteCount
        return offset..<min(offset + most, count)
    }

    /// The start frame. It is answered when everything has been erased.
    private static func start(_ settings: FlasherSettings, _ range: Range<Int>) -> StubQuestion {
        let sectors = range.count / SectorPlan.sectorByteCount
        let patience = settings.answerTimeout + settings.sectorEraseTimeout * sectors
        return StubQuestion(
            StubRequest(.flashDownload, address: UInt32(range.lowerBound), length: UInt32(range.count)),
            patience: patience, attempts: settings.commandAttempts, strayTimeout: patience)
    }

    mutating func begin(_ port: inout HostPort) {
        start(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .leaving(var way):
            let progress = way.receive(&port)
            return leave(way, progress, &port)
        case .starting:
            guard let answer = question.answer(&port) else { return .waiting }
            return begun(answer, &port)
        case .frame:
            guard let answer = question.answer(&port) else { return .waiting }
            return taken(answer, &port)
        case .confirming:
            guard let answer = question.answer(&port) else { return .waiting }
            return confirmed(answer, &port)
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .leaving(var way):
            let progress = way.timeout(&port)
            return leave(way, progress, &port)
        case .starting: return giveUpCommand("no answer to the start of a download", isInFrame: true, &port)
        case .frame: return giveUpCommand("no answer to the frame", isInFrame: true, &port)
        case .confirming: return giveUpCommand("no answer at the end of a download", isInFrame: true, &port)
        }
    }

    mutating func abandon(_ port: inout HostPort) -> Bool {
        guard !isLost else { return false }
        isAbandoned = true
        if case .leaving = state {} else { enterLeaving(isInFrame: true, &port) }
        return true
    }
}

// MARK: - Commands

extension FrameWrite {
    private mutating func start(_ port: inout HostPort) {
        command = Self.command(from: acknowledged, at: address, of: bytes.count)
        question = Self.start(settings, (address + command.lowerBound)..<(address + command.upperBound))
        port.chip = ChipState(flash: .partlyErased, program: .stubInDownload)
        hadEarlyAnswer = false
        ask(.starting, &port)
    }

    private mutating func ask(_ next: State, _ port: inout HostPort) {
        state = next
        question.ask(&port)
        questionLeft = port.now.advanced(by: port.wireTime(question.request.bytes.count))
    }

    private mutating func begun(_ answer: StubAnswer, _ port: inout HostPort) -> Progress {
        if answer.status == .success, answer.command == .flashDownload {
            port.chip.flash = .partlyWritten
            if port.now < questionLeft { hadEarlyAnswer = true }
            sendFrame(again: false, &port)
            return .waiting
        }
        port.chip.program = .stub
        if question.again(&port, because: "refused with “\(answer.status)”") { return .waiting }
        return .failed(Fault(what: question.trouble + ".", remedy: Fault.powerCycle))
    }

    /// The current command cannot go on as it was meant to.
    private mutating func giveUpCommand(_ reason: String, isInFrame: Bool, _ port: inout HostPort) -> Progress {
        port.retry("\(reason) at \(hex(address + acknowledged)); leaving the download")
        enterLeaving(isInFrame: isInFrame, &port)
        return .waiting
    }

    private mutating func enterLeaving(isInFrame: Bool, _ port: inout HostPort) {
        var way = LeaveDownload(settings, remaining: possiblyLeft)
        way.begin(isInFrame: isInFrame, &port)
        state = .leaving(way)
    }

    /// Bytes that the stub may still wait for.
    private var possiblyLeft: [Int] {
        if hadEarlyAnswer {
            let frames = stride(from: Self.frameByteCount, through: command.count, by: Self.frameByteCount)
            guard case .confirming = state else { return Array(frames) }
            return frames.flatMap { [$0, $0 - LeaveDownload.probeByteCount] }
        }
        let left = command.upperBound - acknowledged
        if case .frame = state { return [left, left - frame.count] }
        return [left]
    }

    private mutating func leave(_ way: LeaveDownload, _ progress: Progress, _ port: inout HostPort) -> Progress {
        state = .leaving(way)
        switch progress {
        case .waiting: return .waiting
        case .failed:
            isLost = true
            return progress
        case .done:
            if isAbandoned { return progress }
            port.notice(.lostBlock)
            if hadEarlyAnswer { acknowledged = command.lowerBound }
            resumes += 1
            guard resumes <= settings.resumes else { return .failed(Self.badLine(address + acknowledged, resumes)) }
            port.retry("going on at \(hex(address + acknowledged))")
            start(&port)
            return .waiting
        }
    }

    /// The last frame was acknowledged: on to the next command.
    private mutating func end(_ port: inout HostPort) -> Progress {
        port.chip.program = .stub
        if acknowledged == bytes.count { return .done(.nothing) }
        start(&port)
        return .waiting
    }

    private mutating func confirm(_ port: inout HostPort) -> Progress {
        question = LeaveDownload.question(settings, LeaveDownload.probe)
        ask(.confirming, &port)
        return .waiting
    }

    /// A parser refuses what a download takes.
    private mutating func confirmed(_ answer: StubAnswer, _ port: inout HostPort) -> Progress {
        if answer.command == .unknown || answer.status == .address { return end(&port) }
        return giveUpCommand("the stub still waits for data", isInFrame: false, &port)
    }

    private static func badLine(_ address: Int, _ times: Int) -> Fault {
        Fault(
            what: "the transfer broke off \(times) times at \(hex(address)).",
            remedy: "The line damages or loses bytes: shorter wires, a better ground, a lower baud. "
                + "A back-up can be written back.")
    }
}

// MARK: - Frames

extension FrameWrite {
    private var frame: Range<Int> { acknowledged..<min(acknowledged + Self.frameByteCount, command.upperBound) }

    private mutating func sendFrame(again: Bool, _ port: inout HostPort) {
        let request = StubRequest.data(.flashDownload, again: again, bytes[frame])
        question = StubQuestion(
            request, patience: settings.answerTimeout, attempts: 1, strayTimeout: settings.strayTimeout)
        ask(.frame, &port)
    }

    private mutating func taken(_ answer: StubAnswer, _ port: inout HostPort) -> Progress {
        guard answer.command == .flashDownload, answer.status == .success || answer.status == .checksum else {
            return giveUpCommand("“\(answer.status)” for the frame", isInFrame: true, &port)
        }
        guard answer.status == .success else { return refused(&port) }
        if port.now < questionLeft { hadEarlyAnswer = true }
        acknowledged = frame.upperBound
        refusals = 0
        if acknowledged > furthest {
            furthest = acknowledged
            resumes = 0
        }
        port.log(RDToolLog.downloaded(acknowledged, of: bytes.count))
        port.report(.progress(port.phase, done: acknowledged, total: bytes.count))
        guard acknowledged == command.upperBound else {
            sendFrame(again: false, &port)
            return .waiting
        }
        return hadEarlyAnswer ? confirm(&port) : end(&port)
    }

    private mutating func refused(_ port: inout HostPort) -> Progress {
        refusals += 1
        guard refusals < settings.blockAttempts else {
            return .failed(Self.badLine(address + acknowledged, refusals))
        }
        // A frame that is judged before it has left had its length damaged; what follows it may be taken for anything.
        if port.now < questionLeft {
            return giveUpCommand("an answer came too early for the frame", isInFrame: true, &port)
        }
        if frame.upperBound == command.upperBound {
            return giveUpCommand("the last frame of a command was damaged", isInFrame: false, &port)
        }
        port.retry("the frame at \(hex(address + acknowledged)) was damaged; sending it again")
        sendFrame(again: true, &port)
        return .waiting
    }
}
