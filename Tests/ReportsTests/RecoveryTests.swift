import Line
import Reports
import Testing
import Trace

/// What comes of a fault.
@Suite struct RecoveryTests {
    private let word = Array("cnys".utf8)
    private let answer: [UInt8] = [0x01]

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    /// §1.4: the answer to the sync word is lost, and the word is sent again.
    @Test func theNextAnswerCounts() throws {
        var session = CheckedSession()
        session.data(word.span, .hostToChip, at: at(100))
        session.other(TraceEvent(at(101), .fault("drop at sync-answer 1")))
        session.data(word.span, .hostToChip, at: at(150))
        session.data(answer.span, .chipToHost, at: at(152))
        session.finish()
        let recovery = try #require(session.recoveries.first)
        #expect(session.recoveries.count == 1 && recovery.fault == "drop at sync-answer 1" && recovery.count == 1)
        #expect(recovery.start == at(101).nanoseconds && recovery.end == at(152).nanoseconds)
    }

    /// A refusal lets nobody go on; faults that follow before anything does are one stretch of trouble.
    @Test func aRefusalDoesNot() throws {
        var session = CheckedSession()
        session.data(word.span, .hostToChip, at: at(100))
        session.data(answer.span, .chipToHost, at: at(101))
        session.other(TraceEvent(at(200), .fault("corrupt at header 1")))
        let (header, refusal): ([UInt8], [UInt8]) = ([1, 0, 0, 0, 0, 0, 1, 0, 0, 4, 0, 1], [0xFF])
        session.data(header.span, .hostToChip, at: at(201))
        session.data(refusal.span, .chipToHost, at: at(202))
        session.other(TraceEvent(at(300), .fault("corrupt at header 2")))
        session.finish()
        let recovery = try #require(session.recoveries.first)
        #expect(session.recoveries.count == 1 && recovery.count == 2 && recovery.end == nil)
    }

    /// A line that errs all the time fills no memory.
    @Test func theyAreBounded() {
        var session = CheckedSession()
        for round in 0..<Int64(500) {
            session.other(TraceEvent(at(round * 10), .fault("loose-wire")))
            session.data(word.span, .hostToChip, at: at(round * 10 + 2))
            session.data(answer.span, .chipToHost, at: at(round * 10 + 4))
        }
        session.finish()
        #expect(session.recoveries.count == 100)
    }
}
