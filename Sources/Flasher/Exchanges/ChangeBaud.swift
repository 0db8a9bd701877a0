import Wire

/// BAUD (07): the stub switches at once and answers 50 ms later at the new rate; the host switches 10 ms after it has
/// sent (ECR6600 facts §4.2, §11.2).
///
/// Silence has three meanings: the command was lost (the stub is at the old rate), the answer was lost (at the new
/// one), or the new rate does not carry. A question that changes nothing, asked at either rate, tells them apart.
struct ChangeBaud: Exchange {
    private enum State { case quiet, switching, answer, probingNew, probingOld }

    private let settings: FlasherSettings
    private let newBaud: Int
    private var oldBaud = BootProtocol.baud
    private var question: StubQuestion
    private var probe: StubQuestion
    private var state = State.quiet
    private var attempts = 0

    init(_ settings: FlasherSettings, _ dialect: Dialect, to newBaud: Int) {
        self.settings = settings
        self.newBaud = newBaud
        question = StubQuestion(
            .baud(UInt32(newBaud)), patience: settings.baudSwitchDelay, attempts: settings.commandAttempts,
            strayTimeout: settings.baudTimeout)
        probe =
            dialect.speaksFrames
            ? .syn(settings, attempts: 1)
            : StubQuestion(
                StubRequest(.flashID), dataByteCount: 4, patience: settings.stubCheckTimeout, attempts: 1,
                strayTimeout: settings.stubCheckTimeout)
    }

    mutating func begin(_ port: inout HostPort) {
        oldBaud = port.baud
        beQuiet(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .quiet: port.discardInput()
        case .switching: break  // an answer that comes early is looked at after the change
        case .answer:
            if question.answer(&port)?.status == .success { return reached(&port) }
        case .probingNew:
            if probe.answer(&port)?.status == .success { return reached(&port) }
        case .probingOld:
            if probe.answer(&port)?.status == .success {
                port.chip.program = .stub
                guard attempts < settings.commandAttempts else {
                    port.retry("the stub stays at \(oldBaud) baud; going on with it")
                    return .done(.baudKept)
                }
                port.retry("BAUD was lost, asking again")
                beQuiet(&port)
            }
        }
        return .waiting
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .quiet:
            command(&port)
        case .switching:
            port.baud = newBaud
            state = .answer
            port.wait(settings.baudTimeout)
            return receive(&port)
        case .answer:
            ask(.probingNew, &port)
        case .probingNew:
            port.baud = oldBaud
            ask(.probingOld, &port)
        case .probingOld:
            attempts += 1
            guard attempts <= settings.commandAttempts else {
                return .failed(
                    Fault(
                        what: "after BAUD the stub answers neither at \(newBaud) nor at \(oldBaud) baud.",
                        remedy: "\(Fault.powerCycle) Choose another baud: 115200 always fits, 921600 and 2000000 "
                            + "are near enough, 3000000 is 11 % off at the chip."))
            }
            port.baud = newBaud
            ask(.probingNew, &port)
        }
        return .waiting
    }

    private mutating func beQuiet(_ port: inout HostPort) {
        state = .quiet
        port.wait(settings.baudQuiet)
    }

    private mutating func command(_ port: inout HostPort) {
        attempts += 1
        port.chip.program = .stubAtUnknownBaud
        question.ask(&port)
        state = .switching
    }

    private mutating func ask(_ next: State, _ port: inout HostPort) {
        probe.ask(&port)
        state = next
    }

    private func reached(_ port: inout HostPort) -> Progress {
        port.chip.program = .stub
        return .done(.nothing)
    }
}
