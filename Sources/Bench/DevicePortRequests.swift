import Line
import Ports

/// What a client does to its port beside writing: as it is told, or as it asks for it and waits.
extension DevicePort where Port: ~Copyable {
    /// The lines that the client's port asserts.
    var hostLines: ControlLines { portState.lines }

    /// Does what is due. Everything before it has happened.
    func carryOut(_ change: ClientPortState.Change) {
        let now = change.due
        switch change.what {
        case .data(let characters, let rate): link.write(characters.span, at: now, rate: rate)
        case .hangUp:
            if terminal.hangsUpOnClose { setLines([], at: now) }
        case .request(let request, let asker, let baud):
            if let baud { setRate(baud, at: now) }
            carryOut(request, at: now)
            terminal.answer(
                asker,
                PortAnswer(
                    lines: portState.lines, received: link.received, sent: link.sent.hostToChip,
                    serial: portState.serial))
        }
    }

    private func carryOut(_ request: PortRequest, at now: Instant) {
        switch request {
        case .state, .settings, .drain: break
        case .opened: setLines(ClientPortState.opened, at: now)
        case .lines(let asserted, let released):
            setLines(portState.lines.subtracting(released).union(asserted), at: now)
        case .flush(let queues):
            flush(queues, at: now)
            if queues != .output { terminal.dropUnread() }
        case .sendBreak(.whole), .sendBreak(.beginning): sendBreak(at: now)
        case .sendBreak(.end): break
        case .serial(let settings): portState.serial = settings
        }
    }

    /// A rate of 0 hangs up, and one after it takes that back, as drivers have it (B0).
    private func setRate(_ baud: Int, at now: Instant) {
        happened(LineEvent(now, .baud(.host, baud)))
        if baud == 0 {
            setLines([], at: now)
        } else if portState.isHungUp {
            setLines(ClientPortState.opened, at: now)
        }
        portState.isHungUp = baud == 0
    }

    /// The client's port asserts these lines from now on. What it asserts already is no event.
    func setLines(_ lines: ControlLines, at now: Instant) {
        guard lines != portState.lines else { return }
        portState.lines = lines
        var listener = BenchListener(tap: tap, lesson: lesson, log: log)
        link.setLines(lines, at: now, of: &device, &listener)
        log = listener.log
    }

    func sendBreak(at now: Instant) {
        var listener = BenchListener(tap: tap, lesson: lesson, log: log)
        link.sendBreak(at: now, &listener)
        log = listener.log
    }
}
