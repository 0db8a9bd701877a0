import Images
import Line
import Lint
import Testing
import Trace

/// Two sessions in one trace, of different benches: nothing that is known of the first holds for the second.
@Suite struct TwoSessionsTests {
    private func lintBoth(_ first: (inout Session) -> Void, then second: (inout Session) -> Void) -> LintReport {
        lint { session in
            first(&session)
            session.describe(.line)
            second(&session)
        }
    }

    /// An emulated chip whose adapter is pulled out; then a real one, left at a high rate.
    @Test func anAdapterThatWasPulledOutIsInAgain() {
        let report = lintBoth {
            $0.add(.power(on: true))
            $0.add(.fault("unplugged, host-to-chip: pulls the adapter out from byte 9 on"))
        } then: {
            $0.upload()
            $0.ask(Session.baud(921_600), Session.baudChanged)
        }
        #expect(report.levels(of: "left-at-high-baud") == [.warning])
    }

    /// A trace that says what its chip runs; then one that has but the bytes to tell it (ECR6600 facts §4.1: 1.3.4 has no
    /// 90).
    @Test func theStubIsToldByItsImageAgain() {
        let report = lintBoth {
            $0.add(.loader("stub community"))
            $0.ask(Session.flashID, Session.flashIDAnswer)
        } then: {
            $0.upload(.vendor134)
            $0.ask(Session.flashID, [0x5A, 0xFF, 0x00, 0x00, 0x03, 0x5C])
        }
        #expect(report.levels(of: "unknown-command") == [.info])
    }

    /// 2 MB, and then a flash of which nobody knows how large it is (§6: NV from 0x1F7000 on in 2 MB alone).
    @Test func theFlashIsAnother() {
        let report = lintBoth {
            $0.upload()
            $0.ask(Session.flashID, Session.flashIDAnswer)
        } then: {
            $0.upload()
            $0.ask(Session.range(0x04, 0x1F_0000, 0x10000), Session.erased)
        }
        #expect(report.of("nv-without-backup") == [] && !report.isJudged("nv-without-backup"))
    }

    /// What the first has written the second does not verify, whatever it reads.
    @Test func whatTheFirstHasWrittenTheSecondDoesNotVerify() {
        let report = lintBoth {
            $0.upload()
            $0.beginWrite(0x8000, 1024)
            $0.ask(Session.data(Session.contents(1024)), Session.written)
        } then: {
            $0.upload()
            $0.ask(Session.range(0x09, 0x8000, 1024), Session.hash)
        }
        #expect(report.levels(of: "not-verified") == [.info])
    }

    /// Only an emulated chip says what its FIFO lost: that the second session is a real chip's takes nothing from the first.
    @Test func whatTheFirstCouldKnowIsJudged() {
        let report = lintBoth {
            $0.add(.power(on: true))
            $0.host(Session.range(0x04, 0x8000, 4096))
            $0.add(.lost(.hostToChip, count: 9, reason: "receive FIFO overrun"), after: 1)
        } then: {
            $0.upload()
        }
        #expect(report.levels(of: "fifo-overrun") == [.error] && report.isJudged("fifo-overrun"))
    }
}
