import Check
import GoldenSessions
import Line
import Lint
import Reports
import Testing
import Wire

/// What the trace of a judged run tells.
@Suite struct CheckedSessionTests {
    /// A session as an author's flasher had it with a chip.
    private func read(_ name: String) throws -> CheckedSession {
        var session = CheckedSession()
        for run in try GoldenSession(name).runs {
            session.data(run.bytes.span, run.direction, at: Instant(nanoseconds: run.nanoseconds))
        }
        session.finish()
        return session
    }

    /// §1.4, §10: the stub comes in 26 pieces (the last is short), the 64 KB that are written in 64 blocks. That session
    /// has no answers to pieces.
    @Test func stepsAreCounted() throws {
        let steps = try read("write-64k").steps
        #expect(steps.count(of: .piece, .hostToChip) == 26 && steps.count(of: .pieceAnswer, .chipToHost) == 0)
        #expect(steps.count(of: .block, .hostToChip) == 64 && steps.count(of: .blockAck, .chipToHost) == 64)
        #expect(steps.count(of: .block, .chipToHost) == 0 && steps.count(of: .uploadFrame, .chipToHost) == 0)
    }

    /// What the rules find in the same bytes stands beside it.
    @Test func rulesAreAsked() throws {
        #expect(CheckedSession().lint == nil)
        // §13.10: a SYN frame, in which a loader finds the sync word.
        let frame: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]
        var session = CheckedSession()
        session.data(frame.span, .hostToChip, at: Instant(nanoseconds: 1_000_000))
        session.finish()
        let found = try #require(session.lint).found
        #expect(found.map(\.rule.id) == LintRules.summaries.map(\.id))
        #expect(found.filter { $0.count > 0 }.map(\.rule.id) == ["syn-frame-at-loader"])
    }

    /// A host that sends sync words without end (§1.4) hangs, however many bytes that makes, answered or not.
    @Test(arguments: [false, true]) func aFloodOfSyncWordsIsNone(isAnswered: Bool) {
        var session = CheckedSession()
        let (word, answer) = (Array("cnys".utf8), [UInt8](arrayLiteral: 0x01))
        for tick in 0..<5000 {
            let time = Instant(nanoseconds: Int64(tick) * 2_000_000)
            session.data(word.span, .hostToChip, at: time)
            if isAnswered, tick == 0 { session.data(answer.span, .chipToHost, at: time) }
        }
        session.finish()
        #expect(session.byteCount >= 20_000 && session.lateByteCount == 0)
    }
}
