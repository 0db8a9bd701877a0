import Line
import Wire

/// Is a stub already there? A stub answers, a ROM or uboot says nothing (ECR6600 facts §11.4).
///
/// The community stub is asked for its flash id, `A5 90 00 00 35` (§11.2), the vendor's for the first bytes of the
/// flash (03). Not with SYN, as the tool of §11.1 does it: in SYN there is the sync word, and a ROM or uboot would
/// wait for a header afterwards and take the last byte of SYN for its first.
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
    /// Times that a stub has answered, and refused.
    private var refusals = 0
    /// A chip whose application talks all the time is never quiet.
    private var quietEnd = Instant.zero

    init(_ settings: FlasherSettings, _ dialect: Dialect) {
        self.settings = settings
        question = .isAnybodyThere(settings, dialect)
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
            if let answer = question.answer(&port) {
                guard let finding = finding(answer) else {
                    refusals += 1
                    return .waiting
                }
                port.chip.program = .stub
                return .done(finding)
            }
        case .ending, .quieting:
            port.discardInput()
            port.wait(settings.stubCheckTimeout, noLaterThan: quietEnd)
        }
        return .waiting
    }

    /// What a good answer says; a stub that refuses to read is a stub all the same.
    private func finding(_ answer: StubAnswer) -> Finding? {
        guard question.request.command == .flashID else { return .stub }
        guard answer.status == .success else { return nil }
        return .flash(FlashID(manufacturer: answer.data[0], type: answer.data[1], sizeCode: answer.data[2]))
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .pausing, .ending, .quieting:
            state = .asking
            strays.removeAll(keepingCapacity: true)
            question.ask(&port)
        case .asking:
            rounds += 1
            guard rounds < 4, !strays.isEmpty else {
                // Once may be a spoiled command; silence from here on would say nothing of it.
                if refusals > 1 {
                    port.hasMetOtherStub = true
                    port.retry(
                        "a stub answers but does not know \(question.request.command): another program's, perhaps, or of "
                            + "another --dialect. Use that, or switch the power off and on so that the stub can be "
                            + "uploaded")
                }
                return .done(.noStub)
            }
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

extension StubQuestion {
    /// What any stub of the dialect answers, and no loader takes for a beginning.
    static func isAnybodyThere(_ settings: FlasherSettings, _ dialect: Dialect) -> StubQuestion {
        let (request, count) =
            dialect.speaksFrames
            ? (StubRequest(.flashUpload, address: 0, length: 8), 8) : (StubRequest(.flashID), 4)
        return StubQuestion(
            request, dataByteCount: count, patience: settings.stubCheckTimeout, attempts: 1,
            strayTimeout: settings.stubCheckTimeout)
    }
}
