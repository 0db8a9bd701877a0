import Line
import Lint
import Testing
import Trace

/// Rules about the search for a loader, and the way into it.
@Suite struct SearchRulesTests {
    // MARK: sparse-sync (ECR6600 facts §1.3: a window of 100 ms)

    @Test(arguments: [(50.0, 0), (99.0, 0), (101.0, 4), (2900.0, 4), (5000.0, 0)])
    func syncWordsMustComeWithinAWindow(pause: Double, findings: Int) {
        let report = lint { session in
            for _ in 0..<5 { session.host(Session.sync, after: pause) }
        }
        #expect(report.levels(of: "sparse-sync") == .init(repeating: .warning, count: findings))
    }

    /// Of a recording without times nobody knows.
    @Test func madeUpTimesAreNotJudged() {
        let report = lint { session in
            session.add(
                .session(
                    SessionDescription(
                        program: "a test", programVersion: "1", clock: .host, properties: [.madeUpTimes])))
            for _ in 0..<3 { session.host(Session.sync, after: 200) }
        }
        #expect(report.of("sparse-sync") == [] && !report.isJudged("sparse-sync"))
        #expect(!report.isJudged("answer-not-awaited"))
    }

    @Test func aPauseWithAnAnswerOrAnotherMessageInItIsNone() {
        let answered = lint { session in
            session.ask(Session.sync, [0x01])
            session.host(Session.sync, after: 500)
        }
        #expect(answered.of("sparse-sync") == [])
        let anew = lint { session in
            session.host(Session.sync)
            session.host(Session.flashID, after: 200)
            session.host(Session.sync, after: 200)
            session.add(.portClosed)
            session.host(Session.sync, after: 400)
        }
        #expect(anew.of("sparse-sync") == [])
        // What the chip prints is no answer.
        let printed = lint { session in
            session.host(Session.sync)
            session.chip(Array("hcrc err\n".utf8))
            session.host(Session.sync, after: 200)
        }
        #expect(printed.of("sparse-sync").count == 1)
    }

    // MARK: syn-frame-at-loader (§13.10, §11.4)

    @Test func aSYNFrameBeforeAnythingIsKnownIsAWarning() {
        let report = lint { $0.host(Session.syn) }
        #expect(report.brief == ["warning syn-frame-at-loader"])
    }

    /// No loader finds a sync word where there is none.
    @Test(arguments: [[UInt8]([0xA5, 0x00, 0x00, 0x00, 0xA5]), Session.frame([0xA5, 0x00, 0x04, 0x00, 1, 2, 3, 4])])
    func aSYNFrameWithoutTheWordIsNone(frame: [UInt8]) {
        #expect(lint { $0.host(frame) }.of("syn-frame-at-loader") == [])
    }

    @Test func aLoaderThatTakesItIsAnError() {
        let report = lint { session in
            session.host(Session.syn)
            session.chip([0x01])
        }
        #expect(report.levels(of: "syn-frame-at-loader") == [.error])
    }

    @Test func afterTheUploadSYNIsSafe() {
        let uploaded = lint { session in
            session.upload()
            session.ask(Session.syn, Session.synAnswer)
        }
        #expect(uploaded.of("syn-frame-at-loader") == [])
        let answered = lint { session in
            session.ask(Session.flashID, Session.flashIDAnswer)
            session.ask(Session.syn, Session.synAnswer)
        }
        #expect(answered.of("syn-frame-at-loader") == [])
        // A stub ran already, and has answered.
        let running = lint { $0.ask(Session.syn, Session.synAnswer) }
        #expect(running.of("syn-frame-at-loader") == [])
        let told = lint { session in
            session.add(.loader("stub vendor-1.3.4"))
            session.ask(Session.syn, Session.synAnswer)
        }
        #expect(told.of("syn-frame-at-loader") == [])
        let restarted = lint { session in
            session.upload()
            session.add(.power(on: false))
            session.add(.power(on: true))
            session.host(Session.syn)
        }
        #expect(restarted.levels(of: "syn-frame-at-loader") == [.warning])
    }

    // MARK: slow-after-reset (§1.3: within a second)

    private static let rts: ControlLines = .requestToSend

    /// Of a real chip nobody knows whether the line does anything.
    @Test(arguments: [(300.0, 0), (950.0, 0), (1200.0, 1), (6000.0, 0)])
    func aSleepAfterTheResetWastesTheWindow(pause: Double, findings: Int) {
        let report = lint { session in
            session.add(.controlLines(Self.rts))
            session.add(.controlLines([]))
            session.host(Session.sync, after: pause)
        }
        #expect(report.levels(of: "slow-after-reset") == .init(repeating: .info, count: findings))
        #expect(report.of("slow-after-reset").allSatisfy { $0.text.contains("if RTS is wired") })
        #expect(report.isJudged("slow-after-reset"))
        #expect(!lint { $0.host(Session.sync) }.isJudged("slow-after-reset"))
    }

    /// An emulated chip says itself what its reset line does, and what runs.
    @Test func anEmulatedChipSaysWhenItsWindowIsOver() {
        func report(wordFirst: Bool, ofLines: Bool = true) -> LintReport {
            lint { session in
                session.add(.power(on: true))
                session.add(.controlLines(Self.rts))
                session.add(.note("RESET_B low"), after: ofLines ? 0.01 : 40)
                session.add(.controlLines([]))
                session.add(.note("RESET_B high"), after: ofLines ? 0.01 : 40)
                session.add(.loader("mask ROM, flash boot"), after: 4)
                session.add(.loader("uboot 1.3.4"), after: 20)
                if wordFirst { session.host(Session.sync, after: 50) }
                session.add(.loader("application"), after: 200)
                session.host(Session.sync, after: 2000)
            }
        }
        #expect(report(wordFirst: false).levels(of: "slow-after-reset") == [.warning])
        #expect(report(wordFirst: true).of("slow-after-reset") == [])
        // Somebody else has reset it.
        #expect(report(wordFirst: false, ofLines: false).of("slow-after-reset") == [])
    }

    // MARK: reset-in-session (§1.1)

    @Test func linesThatResetTheChipInTheMiddleAreAnError() {
        func report(wordAgain: Bool, held: Bool = false) -> LintReport {
            lint { session in
                session.add(.power(on: true))
                session.ask(Session.sync, [0x01])
                session.add(.controlLines(Self.rts))
                session.add(.note("RESET_B low"), after: 0.01)
                if !held {
                    session.add(.controlLines([]))
                    session.add(.note("RESET_B high"), after: 0.01)
                }
                if wordAgain { session.host(Session.sync) }
                session.host(Session.little(1) + Session.little(0x10000) + Session.little(2048))
            }
        }
        // The decoder names the twelve bytes a header only where one is due.
        #expect(report(wordAgain: false).levels(of: "reset-in-session") == [.error])
        #expect(report(wordAgain: true).of("reset-in-session") == [])
        #expect(report(wordAgain: true, held: true).levels(of: "reset-in-session") == [.error])
    }

    @Test func aResetAfterTheWorkIsNone() {
        let report = lint { session in
            session.add(.power(on: true))
            session.upload()
            session.ask(Session.flashID, Session.flashIDAnswer)
            session.add(.controlLines(Self.rts))
            session.add(.note("RESET_B low"), after: 0.01)
            session.add(.controlLines([]))
            session.add(.note("RESET_B high"), after: 0.01)
            session.add(.portClosed)
        }
        #expect(report.of("reset-in-session") == [])
        #expect(report.isJudged("reset-in-session"))
    }

    // MARK: header-out-of-step (§1.4)

    @Test func aHeaderCountsFromTheAnswer() {
        let header = Session.little(1) + Session.little(0x10000) + Session.little(2048)
        let late = lint { session in
            session.ask(Session.sync, [0x01])
            session.host(Session.sync)
            session.host(header)
        }
        #expect(late.levels(of: "header-out-of-step") == [.error])
        let right = lint { session in
            session.ask(Session.sync, [0x01])
            session.host(header)
        }
        #expect(right.of("header-out-of-step") == [])
        // Nothing but zero bytes, or silence, and then FF.
        let refused = lint { session in
            session.ask(Session.sync, [0x01])
            session.host(Session.sync)
            session.ask(header, [0xFF])
        }
        #expect(refused.levels(of: "header-out-of-step") == [.error])
        // The word had come before the answer, and the loader was not out of step.
        let accepted = lint { session in
            session.ask(Session.sync, [0x01])
            session.host(Session.sync)
            session.ask(header, [0x00])
        }
        #expect(accepted.of("header-out-of-step") == [])
    }

    @Test func aHeaderOfAnotherTypeIsRefused() {
        let report = lint { session in
            session.ask(Session.sync, [0x01])
            session.ask(Session.little(2) + Session.little(0x10000) + Session.little(2048), [0xFF])
        }
        #expect(report.levels(of: "header-out-of-step") == [.error])
    }
}
