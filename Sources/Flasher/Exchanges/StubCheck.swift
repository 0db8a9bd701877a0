import Line
import Wire

/// Is a stub already there? Command 90 at boot baud, `A5 90 00 00 35` (ECR6600 facts §11.2): a stub answers with the
/// flash id, a ROM or uboot with nothing (§11.4).
///
/// A stub that a host left in the middle of an XMODEM write answers with NAKs or `C` instead; EOT brings it back (§10).
/// One left in the middle of a read repeats its block some times, then takes commands again.
struct StubCheck: Exchange {
    private enum State { case pausing, asking, ending, quieting }

    private let settings: FlasherSettings
    private var question: StubQuestion
    private var state = State.pausing
    private var strays: [UInt8] = []
    private var rounds = 0
    /// A chip whose application talks all the time is never quiet.
    private var quietEnd = Instant.zero

    init(_ settings: FlasherSettings) {
        self.settings = settings
        question = StubQuestion(
            StubRequest(.flashID), dataByteCount: 4, patience: settings.stubCheckTimeout, attempts: 1,
            strayTimeout: settings.stubCheckTimeout)
    }

    mutating func begin(_ port: inout HostPort) {
        port.wait(settings.stubCheckPause)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .pausing:
            port.discardInput()
        case .asking:
            strays += port.input.prefix(32)
            if let answer = question.answer(&port), answer.status == .success {
                port.chip.program = .stub
                return .done(
                    .flash(FlashID(manufacturer: answer.data[0], type: answer.data[1], sizeCode: answer.data[2])))
            }
        case .ending, .quieting:
            port.discardInput()
            port.wait(settings.stubCheckTimeout, noLaterThan: quietEnd)
        }
        return .waiting
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .pausing, .ending, .quieting:
            state = .asking
            strays.removeAll(keepingCapacity: true)
            question.ask(&port)
        case .asking:
            rounds += 1
            guard rounds < 4, !strays.isEmpty else { return .done(.noStub) }
            if strays.contains(XMODEM.nak) || strays.contains(XMODEM.ready) {
                port.retry("a stub seems to wait in its XMODEM receiver; sending EOT")
                port.send(XMODEM.eot)
                state = .ending
            } else {
                state = .quieting
            }
            quietEnd = port.now.advanced(by: settings.answerTimeout)
            port.wait(settings.stubCheckTimeout)
        }
        return .waiting
    }
}
