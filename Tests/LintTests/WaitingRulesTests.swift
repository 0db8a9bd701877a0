import Line
import Lint
import Testing
import Trace

/// Rules about a host that does not wait for the chip.
@Suite struct WaitingRulesTests {
    // MARK: answer-not-awaited (ECR6600 facts §4.3: it must not pipeline)

    @Test func aDataFrameBeforeTheAnswerToTheOneBefore() {
        func report(wait: Double, answered: Bool) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, 2048)
                session.host(Session.data(Session.contents(1024)), after: 100)
                if answered { session.chip(Session.written) }
                // 1,030 bytes take 89.4 ms at 115200 baud.
                session.host(Session.data(Session.contents(1024, seed: 1)), after: 89.5 + wait)
                session.chip(Session.written)
            }
        }
        #expect(report(wait: 1, answered: false).levels(of: "answer-not-awaited") == [.error])
        #expect(report(wait: 1, answered: true).of("answer-not-awaited") == [])
        // It has waited, in vain.
        #expect(report(wait: 500, answered: false).of("answer-not-awaited") == [])
    }

    /// The answer comes while the next frame is on its way already: its beginning fell into the reset after that.
    @Test func anAnswerInTheMiddleOfTheNextFrame() {
        func report(_ early: Int) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, 2048)
                session.host(Session.data(Session.contents(1024)), after: 100)
                let next = Session.data(Session.contents(1024, seed: 1))
                if early > 0 { session.host(Array(next.prefix(early)), after: 1) }
                session.chip(Session.written, after: 10)
                session.host(Array(next.dropFirst(early)), after: 100)
                session.chip(Session.written)
            }
        }
        #expect(report(8).levels(of: "answer-not-awaited") == [.error])
        #expect(report(0).of("answer-not-awaited") == [])
    }

    /// At a USB port bytes are stamped when they are handed over: a frame that is handed over 90 ms after another is no
    /// sooner on the wire than that.
    @Test(arguments: [(5.0, 1), (30.0, 0), (90.0, 0)])
    func theSameAtAPort(wait: Double, findings: Int) {
        let report = lint(.usb) { session in
            session.upload()
            session.beginWrite(0x8000, 2048)
            session.host(Session.data(Session.contents(1024)))
            session.host(Session.data(Session.contents(1024, seed: 1)), after: wait)
        }
        #expect(report.levels(of: "answer-not-awaited") == .init(repeating: .error, count: findings))
    }

    @Test func aCommandBeforeTheAnswerToTheOneBefore() {
        func report(wait: Double, garbage: Bool = false) -> LintReport {
            lint { session in
                session.upload()
                session.host(Session.range(0x04, 0x8000, 4096))
                if garbage { session.chip([0xFF], after: 0.5) }
                session.host(Session.range(0x09, 0x8000, 4096), after: wait)
            }
        }
        #expect(report(wait: 2).levels(of: "answer-not-awaited") == [.warning])
        #expect(report(wait: 60).of("answer-not-awaited") == [])
        // An answer came, whatever it was.
        #expect(report(wait: 2, garbage: true).of("answer-not-awaited") == [])
    }

    /// 91 answers, waits 100 ms, erases, and sends C (§10).
    @Test func aBlockBeforeTheCOfItsWrite() {
        func report(waits: Bool) -> LintReport {
            lint { session in
                session.upload()
                session.ask(Session.range(0x91, 0x8000, 1024), [0x5A, 0x91, 0x00, 0x00, 0x00, 0xEB])
                if waits { session.chip(Session.ready, after: 200) }
                session.host(Session.block(1), after: 90)
            }
        }
        #expect(report(waits: false).levels(of: "answer-not-awaited") == [.error])
        #expect(report(waits: true).of("answer-not-awaited") == [])
    }

    /// A loader resets its FIFO after the answer to a header (§1.4).
    @Test func theImageBeforeTheAnswerToItsHeader() {
        func report(waits: Bool) -> LintReport {
            lint { session in
                session.ask(Session.sync, [0x01])
                session.host(Session.little(1) + Session.little(0x10000) + Session.little(1024))
                if waits { session.chip([0x00]) }
                session.host(Session.contents(1024), after: 89)
            }
        }
        #expect(report(waits: false).levels(of: "answer-not-awaited") == [.error])
        #expect(report(waits: true).of("answer-not-awaited") == [])
    }

    @Test func aRecordingWithHolesIsNotJudged() {
        let report = lint { session in
            session.upload()
            session.host(Session.range(0x04, 0x8000, 4096))
            session.add(.lost(.chipToHost, count: 6, reason: "the capture has a hole"), after: 1)
            session.host(Session.range(0x09, 0x8000, 4096), after: 1)
        }
        #expect(report.of("answer-not-awaited") == [] && !report.isJudged("answer-not-awaited"))
    }

    // MARK: fifo-overrun (§10)

    @Test func whatOverranAfterACommand() {
        func report(_ change: (inout Session) -> Void) -> LintReport {
            lint { session in
                session.add(.power(on: true))
                change(&session)
                session.add(.lost(.hostToChip, count: 9, reason: "receive FIFO overrun"), after: 1)
            }
        }
        #expect(report { $0.host(Session.range(0x04, 0x8000, 4096)) }.levels(of: "fifo-overrun") == [.error])
        // Sync words go out whether anybody reads them or not.
        #expect(report { $0.host(Session.sync) }.of("fifo-overrun") == [])
        // The line added it, and not the host.
        let added = report { session in
            session.host(Session.block(1))
            session.host(Session.range(0x04, 0x8000, 4096))
            session.add(
                .difference(
                    LineDifference(
                        .hostToChip, hostOffset: 9, hostCount: 0, chipCharacters: [1, 2], cause: .fault("duplicate"))))
        }
        #expect(added.of("fifo-overrun") == [])
        #expect(!lint { $0.upload() }.isJudged("fifo-overrun"), "a real chip says nothing of it")
    }

    // MARK: command-in-reset (§1.4, §4, §4.3)

    @Test func aCommandThatFellIntoAReset() {
        func report(_ reason: String, _ count: Int, cut: Bool = false) -> LintReport {
            lint { session in
                session.add(.power(on: true))
                session.upload()
                if cut {
                    session.host(Array(Session.flashID.prefix(2)))
                    session.add(.lost(.hostToChip, count: count, reason: reason), after: 0.1)
                    session.host(Array(Session.flashID.dropFirst(2)), after: 0.1)
                } else {
                    session.host(Session.flashID)
                    session.add(.lost(.hostToChip, count: count, reason: reason), after: 0.1)
                }
            }
        }
        let reset = "receive FIFO reset when the stub had started"
        #expect(report(reset, 5).levels(of: "command-in-reset") == [.error])
        #expect(report(reset, 1, cut: true).levels(of: "command-in-reset") == [.error])
        #expect(report(reset, 0).of("command-in-reset") == [])
        #expect(report("no power", 5).of("command-in-reset") == [])
        let added = lint { session in
            session.add(.power(on: true))
            session.host(Session.data(Session.contents(64)))
            session.add(
                .difference(
                    LineDifference(
                        .hostToChip, hostOffset: 70, hostCount: 0, chipCharacters: [1, 2], cause: .fault("duplicate"))))
            session.add(.lost(.hostToChip, count: 2, reason: reset), after: 1)
        }
        #expect(added.of("command-in-reset") == [])
        // Sync words that fall into the reset after 01 are what every host sends.
        let words = lint { session in
            session.add(.power(on: true))
            session.host(Session.sync)
            session.chip([0x01], after: 0.1)
            session.add(.lost(.hostToChip, count: 3, reason: "receive FIFO reset behind the answer to the sync word"))
        }
        #expect(words.of("command-in-reset") == [])
    }
}
