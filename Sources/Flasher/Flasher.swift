package import Line
import Wire

/// The reference host: does one job over a serial line, as a machine without I/O and without a clock.
///
/// The driver's turn is that of any `Machine`, with two things besides: it sets its real port to `portBaud` before it
/// sends or reads further (after the bytes sent so far have left), and it drains `nextReport`.
///
///     receive → advance → transmit until nil → portBaud → nextReport until nil → sleep until deadline
///
/// A job is a queue of exchanges. Whatever moves flash contents is followed by a comparison of SHA-256 sums (the chip's
/// own, or of what is read back from a stub that cannot hash), and is repeated once if they differ; there is no way to
/// `Outcome.success` around it.
package struct Flasher: Machine {
    let job: Job
    let dialect: Dialect
    let settings: FlasherSettings
    let stub: [UInt8]

    var port = HostPort()
    var queue: [Errand] = [.stubCheck, .plan]
    var current: Errand?
    var exchange: (any Exchange)?
    var info: ChipInfo?
    /// What is known of the stub, where it is talked to in frames.
    var traits = StubTraits.careful
    var stubWasRunning = true
    /// What is known of the flash outside the segments to be written.
    var existing: [Segment] = []
    /// The SHA-256 of what is not to be changed, where there is no back-up.
    var fingerprints: [(range: Range<Int>, digest: [UInt8])] = []
    /// What a comparison has found so far.
    var difference: FlashDifference?
    var syncEnd: Instant?
    var stepStart = Instant.zero
    var isAwaitingSave = false
    var abandonEnd: Instant?
    /// Whether the stub was looked for at working baud, where a host that was killed may have left it.
    var hasLookedAtWorkingBaud = false
    /// Why there is no loader, if that is known when it is looked for.
    var silence: FlasherFailure?
    /// Told when the stub is in as good a state as can be had.
    var pendingFailure: FlasherFailure?
    /// Who asked it to stop.
    var stopper = "the user"
    var hasRestoredBaud = false
    /// Whether it was asked at the end whether the stub is still there, and whether the answer is awaited.
    var hasLooked = false
    /// Whether noise may have taken the stub in place of a loader, and what was said when it then did not answer.
    var isUploadUnconfirmed = false
    var unidentified: FlasherFailure?
    var isLooking = false
    /// Characters that were handed over before their time: they wait here until it has come.
    private var arrivals = RunQueue()
    private var hasBegun = false

    /// What was done so far, in order.
    package internal(set) var steps: [StepRecord] = []
    /// Set once, together with the last report.
    package internal(set) var outcome: Outcome?
    /// Whether it is set; to compare it with nil copies it.
    private var isOver: Bool { if case nil = outcome { false } else { true } }

    /// - Parameters:
    ///   - job: begins with the first `advance`.
    ///   - dialect: what `stub` speaks.
    ///   - stub: the raw image for 0x10000 that is uploaded when no stub runs. Whether it may be sent to a real chip is
    ///     the caller's to check (`StubImage.placeholderVersion`).
    ///   - settings: patience and baud.
    package init(
        job: Job, dialect: Dialect = .community, stub: [UInt8], settings: FlasherSettings = FlasherSettings()
    ) {
        self.job = job
        self.dialect = dialect
        self.stub = stub
        self.settings = settings
        port.keepsLog = dialect == .rdtool
    }

    /// Bits per second that the driver's port must have now.
    package var portBaud: Int { port.baud }

    /// In what state the chip may be, as far as is known.
    package var chip: ChipState { port.chip }

    /// The next thing to tell the user; nil when there is none at the moment.
    package mutating func nextReport() -> FlasherReport? { port.nextReport() }

    // MARK: Machine

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        arrivals.append(characters, timing: timing)
    }

    package mutating func advance(to now: Instant) {
        guard now >= port.now else { return }
        port.now = now
        guard !isOver else { return }
        if !hasBegun {
            hasBegun = true
            let baud = settings.workingBaud
            port.log(RDToolLog.opening(bootBaud: BootProtocol.baud, downloadBaud: baud))
            beginNext()
        }
        // What has arrived is looked at before it is said that nothing came, however late the driver is.
        while !isOver {
            if arrivals.take(arrivedBy: now, { port.arrive($0) }), exchange != nil {
                handle(exchange!.receive(&port))
            } else if let abandonEnd, abandonEnd <= now {
                windUp()
            } else if let deadline = port.deadline, deadline <= now, exchange != nil {
                port.deadline = nil
                port.logTimeout()
                handle(exchange!.timeout(&port))
            } else {
                return
            }
        }
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        port.transmit(into: &characters)
    }

    package var deadline: Instant? {
        guard !isOver else { return nil }
        guard hasBegun else { return .zero }
        // An exchange has no use for half a run sooner than for the whole.
        let arrival = arrivals.first.map { count, timing in timing.end(of: count) }
        return .earlier(port.deadline, .earlier(arrival, abandonEnd))
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: port.rate) }

    // MARK: The user

    /// The back-up is where no crash can lose it: the job goes on. Does nothing when no back-up was reported.
    package mutating func backupSaved(at now: Instant) {
        guard isAwaitingSave, outcome == nil else { return }
        isAwaitingSave = false
        port.now = max(port.now, now)
        beginNext()
    }

    /// The user wants to stop. A transfer is ended so that the stub takes commands again, as far as that can be done
    /// within `FlasherSettings.abandonTimeout`; then the outcome says what state the chip may be in. A second call ends
    /// it at once.
    /// - Parameter stopper: who asked for it, as the outcome says: the user, or a signal's name.
    package mutating func abort(at now: Instant, by stopper: String = "the user") {
        guard outcome == nil else { return }
        self.stopper = stopper
        port.now = max(port.now, now)
        if let pendingFailure {
            finish(pendingFailure)
        } else {
            isAwaitingSave = false
            pendingFailure = interrupted
            abandonThenWindUp()
        }
    }

    /// The driver's port is gone, and the chip with it: nothing more can be said to it.
    /// - Parameter reason: what the driver knows of it, a sentence.
    package mutating func portLost(at now: Instant, _ reason: String) {
        guard outcome == nil else { return }
        port.now = max(port.now, now)
        finish(failure(.portLost(reason)))
    }

    private mutating func handle(_ progress: Progress) {
        switch progress {
        case .waiting: break
        case .done(let finding) where isLooking: looked(finding)
        case _ where pendingFailure != nil: windUp()
        case .done(let finding):
            exchange = nil
            port.deadline = nil
            take(finding)
        case .failed(let fault): take(fault)
        }
    }
}
