import Images
import Line
import Trace
import Wire

/// What a trace has told so far, as far as more than one rule wants to know it. Its size does not depend on the trace's.
struct KnownSession: Sendable {
    /// Which of the trace's events is being read, counted from 1.
    private(set) var eventNumber = 0
    /// Of the event that is being read, in nanoseconds on the trace's clock.
    private(set) var now: Int64 = 0
    /// Which clock stamped the trace; nil where it does not say.
    private(set) var clock: SessionDescription.Clock?

    // MARK: What the trace can know

    /// Whether bytes take the time that their rate says, and are stamped when they have crossed.
    private(set) var hasWireTimes = false
    /// Whether its times are worth nothing: the recording had none.
    private(set) var hasMadeUpTimes = false
    /// Whether it says when the host opens and closes its port, as only a recorder at that port can.
    private(set) var hasPort = false
    /// Whether it has control lines.
    private(set) var hasLines = false
    /// Whether it has flushes.
    private(set) var hasFlushes = false
    /// Whether it has a session of an emulated chip.
    private(set) var hasEmulatedSession = false
    /// Whether bytes are missing in the recording.
    private(set) var hasHoles = false
    /// Whether stub commands were answered by a stub of which nobody knows which one it is.
    private(set) var hasUnknownStub = false

    // MARK: The two ends

    /// Bits per second, and since when; nil where the trace has not said it.
    private(set) var hostBaud: BaudSetting?
    /// The same of the chip: as the trace says it, or as it has answered the host.
    private(set) var chipBaud: BaudSetting?
    private(set) var lines: ControlLines?
    /// Whether RESET_B is low, as an emulated chip says it.
    private(set) var isHeldInReset = false
    /// Whether the adapter was pulled out.
    private(set) var isUnplugged = false
    /// Whether somebody has cut the session off: that it has no end is then no mistake.
    var isCutOff = false

    // MARK: The session

    /// Whether the trace says what the chip runs or does: it is an emulated one.
    private(set) var hasChip = false {
        didSet { if hasChip { hasEmulatedSession = true } }
    }
    private(set) var loader = HeardLoader.unknown {
        didSet {
            if loader != oldValue { limits = loader.stubVersion.map { StubLimits(of: $0) } }
        }
    }
    /// What a stub of the version that runs takes; nil where that is not known.
    private(set) var limits: StubLimits?
    /// Whether the trace says itself what runs on the chip.
    private var saysLoaders = false
    /// Bytes of flash, as the stub's id of it says, or reads of its last bytes (ECR6600 facts §11.1); nil where it is not
    /// known.
    private(set) var flashByteCount: Int?
    /// Where a read ended that was refused.
    private var refusedReadEnd: UInt64?
    /// What the host waits for.
    private(set) var awaited: AwaitedAnswer? {
        didSet { if let oldValue, awaited == nil { answered = oldValue } }
    }
    /// What it waited for before, and no longer does.
    private(set) var answered: AwaitedAnswer?
    /// When the host's last byte had crossed, in nanoseconds.
    private(set) var lastHostEnd: Int64?
    /// Bytes that were received at the host's end.
    private(set) var chipByteCount = 0
    /// What the host has asked a stub, without an answer so far or answered last.
    private(set) var request: StubRequestSummary?
    /// When the trace last said that the chip had received other bytes than the host sent, or more.
    private var lastDifference: Int64?
    /// BAUD, while the chip has not started anew: what it was told.
    private(set) var askedBaud: UInt32?

    func place(of message: LintedMessage) -> Place {
        Place(
            event: eventNumber, time: message.event.end, direction: message.event.direction,
            offset: message.event.offset)
    }

    /// Nanoseconds in which what the line has added or changed may be what the chip loses, and not the host's.
    private static let nearby: Int64 = 100_000_000

    /// Whether the chip has just received something else than the host sent.
    var differsNearby: Bool {
        lastDifference.map { now.subtractingReportingOverflow($0).partialValue < Self.nearby } ?? false
    }

    /// Of what was done to the port, or of the chip.
    var place: Place { Place(event: eventNumber, time: now) }
}

/// A rate of one end of the line.
struct BaudSetting: Hashable, Sendable {
    /// Bits per second, nominally.
    var baud: UInt32
    /// Nanoseconds on the trace's clock.
    var since: Int64
}

// MARK: - What it learns

extension KnownSession {
    /// The next event of the trace.
    mutating func begin(at time: Int64) {
        eventNumber += 1
        now = time
    }

    mutating func note(_ run: DataRun) {
        if run.direction == .hostToChip {
            lastHostEnd = run.wire.upperBound
        } else {
            chipByteCount += run.count
            if awaited?.firstChipByte == nil { awaited?.firstChipByte = run.wire.upperBound }
        }
    }

    mutating func note(_ event: TraceEvent) {
        switch event.kind {
        case .session(let session):
            clock = session.clock
            hasWireTimes = session.hasWireTimes
            hasMadeUpTimes = session.properties.contains(.madeUpTimes)
            forgetSession()
        case .baud(.host, let baud): hostBaud = BaudSetting(baud: baud, since: now)
        case .baud(.chip, let baud):
            chipBaud = BaudSetting(baud: baud, since: now)
            hasChip = true
        case .portOpened, .portClosed:
            hasPort = true
            awaitNothing()
        case .flushed: hasFlushes = true
        case .controlLines(let new): (lines, hasLines) = (new, true)
        case .power:
            hasChip = true
            startAnew()
        case .loader(let name):
            (hasChip, saysLoaders) = (true, true)
            note(HeardLoader(named: name))
        case .difference(let difference):
            if difference.direction == .hostToChip { lastDifference = now }
        case .lost(let direction, _, let reason): note(LossCause(reason: reason), direction)
        case .fault(let text): if text.contains(Incident.Effect.unplugs.rawValue) { isUnplugged = true }
        case .note(ChipReason.resetLow):
            isHeldInReset = true
            startAnew()
        case .note(ChipReason.resetHigh): isHeldInReset = false
        default: break
        }
    }

    private mutating func note(_ cause: LossCause, _ direction: Direction) {
        switch cause {
        case .hole:
            hasHoles = true
            awaitNothing()
        case .overrun, .fifoReset, .noPower, .heldInReset: hasChip = true
        default: break
        }
    }

    private mutating func note(_ new: HeardLoader) {
        loader = new
        guard !new.isStub else { return }
        chipBaud = BaudSetting(baud: UInt32(BootProtocol.baud), since: now)
        askedBaud = nil
    }

    /// The chip has started anew, or something else is recorded.
    private mutating func startAnew() {
        note(HeardLoader.unknown)
        awaitNothing()
        request = nil
    }

    /// Another session begins, perhaps of another host, chip and board.
    private mutating func forgetSession() {
        startAnew()
        (hostBaud, lines, lastHostEnd, lastDifference) = (nil, nil, nil, nil)
        (hasChip, saysLoaders, isHeldInReset, isUnplugged) = (false, false, false, false)
        (flashByteCount, refusedReadEnd) = (nil, nil)
    }

    private mutating func awaitNothing() { (awaited, answered) = (nil, nil) }

    mutating func note(_ message: LintedMessage) {
        if message.isOfHost { noteHost(message) } else { noteChip(message) }
    }

    private mutating func noteHost(_ message: LintedMessage) {
        if case .payload(let done, let total) = message.event.kind, done >= total, !saysLoaders {
            let stub = message.image.flatMap { StubImage(identifying: $0) }
            loader = .stub(stub?.isExamined == true ? stub?.version : nil)
        }
        if let request = message.request {
            self.request = request
            if case .baud(let baud) = request.body, request.sumIsRight { askedBaud = baud }
        }
        switch message.event.kind {
        case .syncWord: awaited = nil
        default: awaited = AwaitedAnswer.after(message) ?? awaited
        }
    }

    private mutating func noteChip(_ message: LintedMessage) {
        if let awaited, awaited.isAnswered(by: message.event.kind) { self.awaited = nil }
        switch message.event.kind {
        case .syncAnswer:
            note(HeardLoader.boot)
            request = nil
        case .uploadFrame:
            noteStub()
            if case .range(let address, let length) = request?.body {
                let end = UInt64(address) + UInt64(length)
                if end.nonzeroBitCount == 1, refusedReadEnd == 2 * end { flashByteCount = Int(end) }
            }
        case .answer(let answer):
            noteStub()
            noteAnswer(answer, message)
        default: break
        }
    }

    private mutating func noteStub() {
        if !loader.isStub { loader = .stub(nil) }
        if loader.stubVersion == nil { hasUnknownStub = true }
    }

    private mutating func noteAnswer(_ answer: StubAnswerSummary, _ message: LintedMessage) {
        if answer.command == .flashUpload, answer.status == .address,
            case .range(let address, let length) = request?.body
        {
            refusedReadEnd = UInt64(address) + UInt64(length)
        }
        guard answer.status == .success, answer.command == request?.command else { return }
        switch answer.command {
        case .flashID where answer.data.count >= 3:
            flashByteCount =
                FlashID(manufacturer: answer.data[0], type: answer.data[1], sizeCode: answer.data[2]).byteCount
        case .baud:
            if case .baud(let baud) = request?.body, chipBaud?.baud != baud {
                chipBaud = BaudSetting(baud: baud, since: message.wire.lowerBound)
            }
        case .run:
            note(HeardLoader.boot)
            loader = .unknown
        case .xmodemWrite, .xmodemWriteCompressed:
            awaited = AwaitedAnswer(what: .ready, event: message.event, end: message.wire.upperBound)
        default: break
        }
    }
}
