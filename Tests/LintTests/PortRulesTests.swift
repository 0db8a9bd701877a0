import Line
import Lint
import Testing
import Trace

/// Rules about the host's port: its rate, its queues, its mode.
@Suite struct PortRulesTests {
    // MARK: terminal-not-raw

    @Test func aTerminalThatIsNotRaw() {
        for mode in [TerminalMode.canonical, [.canonical, .echo], .obeysXonXoff, .sendsXonXoff] {
            let report = lint { session in
                session.add(.note(mode.complaint ?? ""))
            }
            #expect(report.levels(of: "terminal-not-raw") == [.error])
        }
        let raw = lint { session in
            session.add(.portOpened)
            session.add(.note("fault x never fired"))
        }
        #expect(raw.of("terminal-not-raw") == [] && raw.isJudged("terminal-not-raw"))
        #expect(!lint(.usb) { _ in }.isJudged("terminal-not-raw"))
    }

    // MARK: baud-mismatch (ECR6600 facts §4.2: the answer comes 50 ms later, at the new rate)

    /// BAUD on an emulated line, and what the host does about it. - Parameters:
    ///   - hostSwitches: when, after the command, in milliseconds; nil for never.
    ///   - isTold: whether the trace tells the host's new rate only after the bytes that are sent at it.
    private func baud(
        hostSwitches: Double?, isTold: Bool = true, then message: [UInt8] = Session.range(0x09, 0, 4096)
    ) -> LintReport {
        lint { session in
            func sampledWrong(_ direction: Direction, _ sent: Int, _ sampled: Int) {
                session.add(
                    .difference(
                        LineDifference(
                            direction, hostOffset: direction == .hostToChip ? 9 : 0, hostCount: 6,
                            chipCharacters: [0xE0, 0x00], cause: .rate(sent: sent, sampled: sampled))), after: 0)
            }
            session.add(.baud(.host, bitsPerSecond: 115_200))
            session.add(.loader("stub community"))
            session.add(.baud(.chip, bitsPerSecond: 921_600))
            session.host(Session.baud(921_600), after: 0)
            let isInTime = hostSwitches.map { $0 < 50 } ?? false
            if isInTime, isTold { session.add(.baud(.host, bitsPerSecond: 921_600), after: 10) }
            if isInTime {
                session.chip(Session.baudChanged, after: 40)
            } else if hostSwitches != nil {
                sampledWrong(.chipToHost, 909_091, 115_200)
                session.chip([0xE0, 0x00, 0xE0, 0x00, 0x00, 0xE0], after: 40)
                session.add(.baud(.host, bitsPerSecond: 921_600))
            } else {
                sampledWrong(.hostToChip, 115_200, 909_091)
            }
            session.host(message)
            if isInTime, !isTold { session.add(.baud(.host, bitsPerSecond: 921_600), after: 0.01) }
        }
    }

    @Test func aHostThatSwitchesInTimeIsRight() {
        #expect(baud(hostSwitches: 10).of("baud-mismatch") == [])
        #expect(baud(hostSwitches: 10).isJudged("baud-mismatch"))
        // On a pseudo-terminal the new rate may be told after the bytes (§13.9).
        #expect(baud(hostSwitches: 10, isTold: false).of("baud-mismatch") == [])
    }

    @Test func aHostThatSwitchesLateOrNever() {
        #expect(baud(hostSwitches: 60).levels(of: "baud-mismatch") == [.error])
        #expect(baud(hostSwitches: nil).levels(of: "baud-mismatch") == [.error])
    }

    /// What was recorded at a real port has no rates of the chip but those that it has answered to.
    @Test func aRecordingAtAPort() {
        func report(_ baud: UInt32) -> LintReport {
            lint(.usb) { session in
                session.upload()
                session.host(Session.baud(921_600))
                session.add(.baud(.host, bitsPerSecond: 921_600), after: 10)
                session.chip(Session.baudChanged, after: 40)
                session.add(.baud(.host, bitsPerSecond: baud))
                session.host(Session.range(0x09, 0, 4096))
            }
        }
        #expect(report(115_200).levels(of: "baud-mismatch") == [.error])
        #expect(report(921_600).of("baud-mismatch") == [])
    }

    /// A chip that restarts is at 115200, and nobody told the host; a question at another rate is how a host finds out.
    @Test func aRestartAndAQuestionAreNoMistake() {
        func report(_ change: (inout Session) -> Void) -> LintReport {
            lint { session in
                session.add(.loader("stub community"))
                session.add(.baud(.chip, bitsPerSecond: 921_600))
                session.host(Session.baud(921_600), after: 0)
                session.add(.baud(.host, bitsPerSecond: 921_600), after: 10)
                session.chip(Session.baudChanged, after: 40)
                change(&session)
            }
        }
        let restarted = report { session in
            session.add(.power(on: false))
            session.add(.power(on: true))
            session.host(Session.range(0x09, 0, 4096))
        }
        #expect(restarted.of("baud-mismatch") == [])
        let asked = report { session in
            session.add(.baud(.host, bitsPerSecond: 115_200))
            session.host(Session.flashID)
            session.host(Session.sync)
        }
        #expect(asked.of("baud-mismatch") == [])
    }

    /// 691200: the chip's divisors make 666,667 of it (§4.3).
    @Test func aRateThatTheEndsMakeDifferently() {
        func report(_ cause: LineDifference.Cause) -> LintReport {
            lint { session in
                session.add(.loader("stub community"))
                session.add(.baud(.chip, bitsPerSecond: 691_200))
                session.host(Session.baud(691_200), after: 0)
                session.add(.baud(.host, bitsPerSecond: 691_200), after: 10)
                session.chip(Session.baudChanged, after: 40)
                session.add(
                    .difference(
                        LineDifference(.hostToChip, hostOffset: 9, hostCount: 5, chipCharacters: [0], cause: cause)))
                session.host(Session.flashID)
            }
        }
        #expect(report(.rate(sent: 705_882, sampled: 666_667)).levels(of: "baud-mismatch") == [.error])
        #expect(report(.level).of("baud-mismatch") == [])
    }

    @Test func withoutRatesNothingIsJudged() {
        let report = lint { session in
            session.upload()
            session.ask(Session.baud(921_600), Session.baudChanged)
            session.host(Session.range(0x09, 0, 4096))
        }
        #expect(report.of("baud-mismatch") == [] && !report.isJudged("baud-mismatch"))
    }

    // MARK: left-at-high-baud (§4.2)

    @Test func aStubLeftAtAHighRate() {
        func report(_ change: (inout Session) -> Void) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.ask(Session.baud(921_600), Session.baudChanged)
                change(&session)
            }.levels(of: "left-at-high-baud")
        }
        #expect(report { _ in } == [.warning])
        #expect(report { $0.ask(Session.baud(115_200), Session.baudChanged) } == [])
        #expect(report { $0.ask(Session.run, Session.running) } == [])
        #expect(report { $0.add(.power(on: false)) } == [])
        // The adapter is gone: nobody could have said anything.
        #expect(report { $0.add(.fault("unplugged, host-to-chip: pulls the adapter out from byte 9 on")) } == [])
        #expect(lint { $0.upload() }.of("left-at-high-baud") == [])
    }

    /// Evaluation boards have RTS wired to RESET_B (§1.1): a pulse at the end starts the firmware, at 115200.
    @Test func aPulseOfRTSAtTheEndMayHaveResetTheChip() {
        func report(emulated: Bool = false, _ lines: [ControlLines], answered: Bool = false) -> [FindingLevel] {
            lint(.usb) { session in
                if emulated { session.add(.power(on: true)) }
                session.add(.controlLines([]))
                session.upload()
                session.ask(Session.baud(921_600), Session.baudChanged)
                for state in lines { session.add(.controlLines(state)) }
                if answered { session.ask(Session.flashID, Session.flashIDAnswer) }
            }.levels(of: "left-at-high-baud")
        }
        let rts = ControlLines.requestToSend
        #expect(report([rts, []]) == [])
        #expect(report([]) == [.warning])
        #expect(report([rts]) == [.warning], "it is held in reset, and nobody has let it go")
        #expect(report([rts, []], answered: true) == [.warning], "the stub runs on")
        #expect(report(emulated: true, [rts, []]) == [.warning], "an emulated chip would have said so")
    }

    // MARK: input-discarded (§13.8)

    @Test(arguments: [(5.0, 1), (90.0, 1), (200.0, 0)])
    func inputThrownAwayAfterAQuestion(pause: Double, findings: Int) {
        for queues in [Queues.input, .both] {
            let report = lint { session in
                session.upload()
                session.host(Session.flashID)
                session.add(.flushed(queues), after: pause)
                session.chip(Session.flashIDAnswer)
            }
            #expect(report.levels(of: "input-discarded") == .init(repeating: .warning, count: findings))
        }
    }

    @Test func inputThrownAwayBeforeAQuestionIsRight() {
        let report = lint { session in
            session.upload()
            session.ask(Session.flashID, Session.flashIDAnswer)
            session.add(.flushed(.input), after: 1)
            session.ask(Session.flashID, Session.flashIDAnswer)
        }
        #expect(report.of("input-discarded") == [])
    }

    /// Nothing is lost where nothing can have come: BAUD is answered 50 ms after the switch (§4.2), and C comes 100 ms after
    /// the answer to a write (§10).
    @Test(arguments: [(11.0, 0), (60.0, 1)])
    func inputThrownAwayBeforeAnAnswerCanCome(pause: Double, findings: Int) {
        let baud = lint { session in
            session.upload()
            session.host(Session.baud(921_600))
            session.add(.flushed(.input), after: pause)
            session.chip(Session.baudChanged)
        }
        #expect(baud.levels(of: "input-discarded") == .init(repeating: .warning, count: findings))
        let write = lint { session in
            session.upload()
            session.ask(Session.range(0x91, 0x8000, 1024), [0x5A, 0x91, 0x00, 0x00, 0x00, 0xEB])
            session.add(.flushed(.input), after: pause)
            session.chip(Session.ready, after: 150)
        }
        #expect(write.of("input-discarded") == [])
    }

    /// What has come was no answer: the host clears it away, and asks again.
    @Test func aGarbledAnswerThrownAwayIsRight() {
        let report = lint { session in
            session.upload()
            session.host(Session.flashID)
            session.chip([0xFF], after: 1)
            session.add(.flushed(.input), after: 20)
        }
        #expect(report.of("input-discarded") == [] && report.isJudged("input-discarded"))
    }

    /// The host of §11.2 does so 10 ms after the upload; an FT232R holds a byte back for 16.
    @Test(arguments: [(10.0, 1), (20.0, 0)])
    func inputThrownAwayAfterTheUpload(pause: Double, findings: Int) {
        let report = lint { session in
            session.ask(Session.sync, [0x01])
            session.ask(Session.little(1) + Session.little(0x10000) + Session.little(1024), [0x00])
            session.host(Session.contents(1024), after: 100)
            session.chip([0x00], after: 0.1)
            session.add(.flushed(.input), after: pause - 0.1)
        }
        #expect(report.levels(of: "input-discarded") == .init(repeating: .info, count: findings))
    }

    @Test func aRecordingWithoutFlushesIsNotJudged() {
        let usb = lint(.usb) { session in
            session.host(Session.flashID)
        }
        #expect(!usb.isJudged("input-discarded") && !usb.isJudged("output-flushed"))
        // A logic analyser has the line's clock, and sees no port.
        #expect(!lint { $0.host(Session.flashID) }.isJudged("output-flushed"))
        let line = lint { session in
            session.add(.portOpened)
            session.host(Session.flashID)
        }
        #expect(line.isJudged("input-discarded") && line.isJudged("output-flushed"))
    }

    // MARK: output-flushed (§13.4)

    /// A read by XMODEM up to the chip's EOT (§10).
    private func read(
        _ clock: SessionDescription.Clock = .line, _ change: (inout Session) -> Void
    ) -> LintReport {
        lint(clock) { session in
            session.upload()
            session.ask(Session.range(0x92, 0, 1024), Session.frame([0x5A, 0x92, 0x00, 0x00, 0x00]))
            session.ask(Session.ready, Session.block(1))
            session.ask(Session.ack, Session.eot)
            change(&session)
        }
    }

    @Test func outputThrownAwayWhileAnACKIsDue() {
        let lost = read { session in
            session.add(.flushed(.output), after: 0.2)
            session.chip(Session.eot, after: 300)
        }
        #expect(lost.levels(of: "output-flushed") == [.error])
        let command = read { session in
            session.add(.flushed(.both), after: 0.2)
            session.host(Session.range(0x09, 0, 1024))
        }
        #expect(command.levels(of: "output-flushed") == [.error])
        let crossed = read { session in
            session.add(.flushed(.output), after: 0.2)
            session.host(Session.ack)
        }
        #expect(crossed.of("output-flushed") == [])
        let input = read { session in
            session.add(.flushed(.input), after: 0.2)
            session.chip(Session.eot, after: 300)
        }
        #expect(input.of("output-flushed") == [])
    }

    /// At a port a byte is stamped when it is written, and may still be there; on a line it has crossed by then, as after
    /// tcdrain.
    @Test(arguments: [(SessionDescription.Clock.usb, 1.0, 1), (.usb, 20.0, 0), (.line, 1.0, 0)])
    func outputThrownAwayRightAfterAWrite(clock: SessionDescription.Clock, pause: Double, findings: Int) {
        let report = read(clock) { session in
            session.host(Session.ack)
            session.add(.flushed(.output), after: pause)
            session.host(Session.range(0x09, 0, 1024))
        }
        #expect(report.levels(of: "output-flushed") == .init(repeating: .warning, count: findings))
    }

    @Test func whatNeverCrossedIsAnError() {
        func report(_ reason: String) -> LintReport {
            lint { $0.add(.lost(.hostToChip, count: 4, reason: reason)) }
        }
        let takenBack = report(LineEvent.Untaken.takenBack.rawValue)
        #expect(takenBack.levels(of: "output-flushed") == [.error])
        #expect(report("no power").of("output-flushed") == [])
    }

    /// What was lost and what is missed afterwards are of one flush, in whichever order the trace has them.
    @Test(arguments: [true, false])
    func aFlushIsReportedOnce(lostFirst: Bool) {
        let lost = TraceEvent.Kind.lost(.hostToChip, count: 1, reason: LineEvent.Untaken.takenBack.rawValue)
        let flushed = TraceEvent.Kind.flushed(.output)
        let report = read { session in
            session.add(lostFirst ? lost : flushed, after: 0.2)
            session.add(lostFirst ? flushed : lost, after: 0)
            session.chip(Session.eot, after: 300)
        }
        #expect(report.levels(of: "output-flushed") == [.error])
    }
}
