import Capture
import Line
package import Logging
package import Ports
import Trace
import Wire

/// A pseudo-terminal in front of a real port: what a flasher and a chip say to each other passes unchanged, unless a
/// fault is put between them, and is recorded.
///
/// ```
/// flasher → pseudo-terminal → SerialLink → real port
///         ← pseudo-terminal ← SerialLink ←
/// ```
/// The line adds no time: every byte is handed on in the turn in which it is read. Times are the wall's, of the reads.
///
/// It runs on the thread that calls `run`.
package final class PortRecording {
    let plan: RecordingPlan
    let clock = MonotonicClock()
    private var terminal: PseudoTerminal
    var port: RecordedPort
    /// The flasher's end, and the chip's.
    var client = ClientEnd()
    var device = PortEnd()
    var link: SerialLink<StepTracker>
    let tap: TraceTap
    let log: Logger
    var events = LineEventLog()
    var rateWatch = RateWatch(isOn: true, every: .milliseconds(1), fraction: 64, patience: nil)
    /// The rate that the flasher's port has, in bits per second; nil until one has been set.
    var clientBaud: Int?
    /// What was written before must leave the port before its rate can change: when that is looked at again.
    var drainLook: Instant?
    /// Since when something has been recorded that is not in the file yet.
    var unsettledSince: Instant?
    /// Openings and closings of the flasher's port that the real one has not followed yet.
    private var sessionChanges: [SessionChange] = []
    /// Bytes that the flasher has written.
    private var acceptedByteCount = 0
    var hasToldTraceEnd = false
    var faultsTold: Set<String> = []
    var sessionCount = 0
    var lossCount = 0
    var lostByteCount = 0
    /// How it came out; nil before the end.
    package internal(set) var summary: RecordingSummary?

    /// So much of the flasher's bytes waits here for the port before the flasher is held back: about as much as the driver
    /// of a port takes, beside its own.
    private static let mostUnsent = 4096
    /// How often it is looked at whether a port has sent all it was given.
    static let drainInterval = Duration.milliseconds(1)
    /// How long it takes at most to end.
    private static let mostRest = Duration.seconds(1)

    private enum SessionChange {
        case opened
        case closed
    }

    /// Opens the port, makes the flasher's, and begins the trace.
    /// - Parameter story: prints what happens on the line.
    /// - Throws: `PortError`, `CaptureError`.
    package init(_ plan: RecordingPlan, log: Logger, story: LiveStory? = nil) throws {
        self.plan = plan
        self.log = log
        port = try RecordedPort(path: plan.device)
        terminal = try PseudoTerminal(link: plan.link)
        terminal.beginWithHangUp()
        tap = try TraceTap(
            creating: plan.tracePath, session: plan.session(port: terminal.path, epoch: clock.epochNanoseconds),
            replacing: plan.replacesTrace, mostBytes: plan.mostTraceBytes, story: story, tally: SessionTally())
        // Real ends have sampled their characters already, each at its own rate.
        link = SerialLink(plan.conditions, pacing: .unpaced, commitment: .whenCrossed, comparesRates: false)
        link.isHostListening = false
        device.baud = port.baud
        noteLines()
    }

    /// The flasher's port: its own name, `/dev/pts/N`.
    package var path: String { terminal.path }
    /// The name that stays, if one was asked for.
    package var portLink: String? { terminal.link }

    /// Carries and records until `shouldStop` says so, or a fault pulls the adapter out; then leaves the trace complete.
    /// - Parameters:
    ///   - others: what else to wait for.
    ///   - shouldStop: asked after every turn, with the readiness of `others`.
    /// - Throws: `PortError` when a pseudo-terminal fails, `ToldError` for a trace that could not be written.
    @discardableResult
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: ([Readiness]) -> Bool
    ) throws -> PortEnding {
        minimizeTimerSlack()
        let carrying = Result { try carry(others, shouldStop) }
        finish()
        let ending = try carrying.get()
        if let failure = tap.failure, failure.code != .full { throw ToldError(failure) }
        return ending
    }

    private func carry(_ others: [PollDescriptor], _ shouldStop: ([Readiness]) -> Bool) throws(PortError) -> PortEnding
    {
        var ready = others.map { _ in Readiness() }
        while true {
            let deadline = try turn()
            if shouldStop(ready) {
                try carryRest()
                return .stopped
            }
            if let unpluggedAt = link.unpluggedAt, unpluggedAt <= clock.now { return .unplugged }
            let descriptors =
                others + terminal.pollDescriptors(takesInput: takesInput, hasOutput: client.hasUnread)
                + port.pollDescriptor(hasOutput: device.unsentCount > 0 && drainLook == nil)
            ready = Array(
                try Readiness.wait(for: descriptors, until: deadline, clock: clock).prefix(others.count))
        }
    }

    /// What is on its way when the recording is told to end still goes to the port, within a second.
    private func carryRest() throws(PortError) {
        let end = clock.now.advanced(by: Self.mostRest)
        var isFlasherDone = false
        while clock.now < end, !isFlasherDone || device.unsentCount > 0 || !port.isDrained {
            // A turn that holds the flasher back does not see what else it has written.
            let (before, couldTake) = (acceptedByteCount, takesInput)
            _ = try turn()
            isFlasherDone = couldTake && acceptedByteCount == before
            guard device.unsentCount > 0 || !port.isDrained else { continue }
            _ = try Readiness.wait(
                for: terminal.pollDescriptors(takesInput: takesInput, hasOutput: client.hasUnread)
                    + port.pollDescriptor(hasOutput: device.unsentCount > 0),
                until: clock.now.advanced(by: Self.drainInterval), clock: clock)
        }
        loseUnsent("the recording ended")
    }

    private var takesInput: Bool { device.unsentCount < Self.mostUnsent }

    /// One turn. - Returns: when the next one is due even if nothing arrives.
    private func turn() throws(PortError) -> Instant? {
        if port.retry(at: clock.now) {
            say("the port \(plan.device) is back")
            noteLines()
        }
        // A flasher that is held back is not read, but its coming and going is followed.
        try terminal.read(atMost: takesInput ? Self.mostUnsent : 0) { input in accept(input, at: clock.now) }
        followSessions(isCarried: false)
        readPort()
        live(at: clock.now)
        try client.handOver(to: &terminal)
        handOverToPort()
        followSessions(isCarried: true)
        lookAtStatus()
        tellEvents()
        return deadline(settle())
    }

    /// Everything that is due at a moment, between the two ends.
    func live(at now: Instant) {
        var listener = BenchListener(tap: tap, lesson: nil, log: events)
        defer { events = listener.log }
        link.carryToChip(by: now, from: client, to: &device, &listener)
        while link.takeFromChip(&device, &listener) {}
        link.deliver(by: now, to: &client, device: &device, &listener)
        let lost = client.takeLost()
        if lost > 0 { listener.happened(LineEvent(now, .untaken(.chipToHost, count: lost, .unread))) }
        if let unpluggedAt = link.unpluggedAt, unpluggedAt <= now { link.pullOut(by: now, &listener) }
    }

    private func deadline(_ settling: Instant?) -> Instant? {
        let now = clock.now
        return [
            link.nextEvent(after: now, batch: nil), link.unpluggedAt,
            link.isHostListening ? rateWatch.deadline(after: now) : nil, drainLook,
            port.retryAt, port.statusDeadline(at: now), settling,
        ].compactMap { $0 }.min()
    }

    // MARK: The flasher

    /// While this is called, the flasher's port is being read.
    private func accept(_ input: borrowing PortInput, at now: Instant) {
        rateWatch.activity(at: now)
        switch input {
        case .data(let bytes, let baud):
            acceptedByteCount += bytes.count
            link.write(bytes, at: now, rate: BitRate(baud: baud > 0 ? baud : clientBaud ?? device.baud))
        case .baud(0):
            // No rate, but a way to hang up (termios): DTR and RTS fall.
            setOutputs([])
            happened(.remark("the host hangs up (B0)"), at: now)
        case .baud(let baud):
            clientBaud = baud
            happened(.baud(.host, baud), at: now)
        case .flushed(let isInput, let isOutput): flush(input: isInput, output: isOutput, at: now)
        case .controlLines(let lines): happened(.controlLines(port.setLines(lines) ?? lines), at: now)
        case .breakSent: happened(.breakSent, at: now)
        case .mode(let mode):
            if let complaint = mode.complaint { happened(.remark(complaint), at: now) }
        case .opened:
            sessionCount += 1
            sessionChanges.append(.opened)
            happened(.portOpened, at: now)
            // Now, and not with the turn: the client may throw it away next.
            var listener = BenchListener(tap: tap, lesson: nil, log: events)
            link.isHostListening = true
            link.giveStaleBytes(at: now, to: &client, &listener)
            events = listener.log
        case .closed:
            untaken(.chipToHost, client.dropUnread(), .unreadAtClose, at: now)
            link.isHostListening = false
            sessionChanges.append(.closed)
            happened(.portClosed, at: now)
        // A bare pseudo-terminal has neither.
        case .request, .remark: break
        }
    }

    /// Does to RTS and DTR what the kernel does when a port is opened, and when it is closed and all has left it.
    /// - Parameter isCarried: whether what the flasher has written so far has been given to the port.
    private func followSessions(isCarried: Bool) {
        while let change = sessionChanges.first {
            switch change {
            case .opened: setOutputs([.requestToSend, .dataTerminalReady])
            case .closed:
                guard isCarried, device.unsentCount == 0 else { return }
                guard port.isDrained else {
                    drainLook = clock.now.advanced(by: Self.drainInterval)
                    return
                }
                if terminal.hangsUpOnClose { setOutputs([]) }
            }
            sessionChanges.removeFirst()
        }
    }

    /// The control lines as they are now, where there are any.
    private func noteLines() {
        if let lines = port.lines { happened(.controlLines(lines), at: clock.now) }
    }

    private func setOutputs(_ lines: ControlLines) {
        if let all = port.setLines(lines) { happened(.controlLines(all), at: clock.now) }
    }

    private func flush(input: Bool, output: Bool, at now: Instant) {
        if output {
            // What has been read has left the flasher: the port decides how much of it is out of reach.
            live(at: now)
            handOverToPort()
            untaken(.hostToChip, device.dropUnsent() + port.queuedByteCount, .takenBack, at: now)
        }
        if input {
            // What has come by now goes into the trace, though nobody reads it.
            readPort()
            live(at: now)
            untaken(.chipToHost, client.dropUnread(), .thrownAway, at: now)
        }
        happened(.flushed(input ? (output ? .both : .input) : .output), at: now)
        do throws(PortError) {
            try port.flush(input: input, output: output)
        } catch {
            lose(error)
        }
    }
}
