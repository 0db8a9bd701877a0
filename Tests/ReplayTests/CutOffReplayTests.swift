import Line
import Replay
import Testing
import Trace
import Wire

/// Traces and hosts that end before their time: what there is is played, and what is assumed is said.
@Suite("Replaying what is not whole")
struct CutOffReplayTests {
    /// The recorded host, to the beginning of its session: to any of its records, and into the middle of one.
    @Test(arguments: [5, 9, 20, 40, 80, 120]) func theBeginningOfASession(count: Int) throws {
        let events = try GoldenReplayTests.events("write-64k")
        let recording = Recording(events.prefix(count), isCutOff: true)
        #expect(recording.assumptions.contains { $0.contains("ends in the middle of a record") })
        var frames = Desk(FramePlayer(recording))
        var exact = Desk(Player(recording.events, isCutOff: true))
        var said: [UInt8] = []
        for (index, event) in events.enumerated() {
            guard case .data(let direction, let bytes) = event.kind else { continue }
            if direction == .hostToChip {
                frames.give(bytes, at: event.time.nanoseconds / 1_000_000)
                exact.give(bytes, at: event.time.nanoseconds / 1_000_000)
                frames.run(until: event.time)
                exact.run(until: event.time)
            } else if index < count {
                said += bytes
            }
        }
        frames.run()
        exact.run()
        for (outcome, heard) in [(frames.player.outcome, frames.heard), (exact.player.outcome, exact.heard)] {
            guard case .complete = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(heard.flatMap(\.bytes) == said)
        }
    }

    /// What is there has to be right all the same.
    @Test func anotherByteBeforeItsEndIsFound() throws {
        let recording = Recording(try GoldenReplayTests.events("write-64k").prefix(80), isCutOff: true)
        let events = recording.events
        var frames = Desk(FramePlayer(recording))
        var exact = Desk(Player(events, isCutOff: true))
        var offset = 0
        let place = 30_000
        for event in events {
            guard case .data(.hostToChip, var bytes) = event.kind else { continue }
            if (offset..<(offset + bytes.count)).contains(place) { bytes[place - offset] ^= 0x40 }
            offset += bytes.count
            frames.give(bytes, at: event.time.nanoseconds / 1_000_000)
            exact.give(bytes, at: event.time.nanoseconds / 1_000_000)
            frames.run(until: event.time)
        }
        frames.run()
        exact.run()
        try #require(offset > place)
        #expect(frames.divergence?.hostOffset == place)
        #expect(exact.divergence?.hostOffset == place)
    }

    /// It has sent all and goes before the last answer: nothing that it sent was otherwise, and what it did not wait for is
    /// counted.
    @Test func aHostThatGoesBeforeTheLastAnswer() {
        var exact = Desk(Player(FrameReplayTests.beginning))
        for event in FrameReplayTests.beginning {
            if case .data(.hostToChip, let bytes) = event.kind {
                exact.give(bytes, at: event.time.nanoseconds / 1_000_000)
            }
        }
        exact.player.otherSideLeft(at: instant(501))
        var frames = Desk(FramePlayer(Recording(FrameReplayTests.beginning)))
        for moment in 0..<10 { frames.give(FrameReplayTests.sync, at: Int64(moment) * 50) }
        frames.give(FrameReplayTests.flashID, at: 1000)
        frames.player.otherSideLeft(at: instant(1001))
        for (outcome, count) in [
            (exact.player.outcome, exact.player.unsaidByteCount),
            (frames.player.outcome, frames.player.unsaidByteCount),
        ] {
            guard case .complete = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(count == FrameReplayTests.flashIDAnswer.count)
        }
    }

    /// Traces of format 1.0 hold what was sent, whatever became of it.
    @Test func theEndsAreSaid() throws {
        let data = TraceEvent(.zero, .data(.hostToChip, [1]))
        func assumptions(_ records: SessionDescription.Records?) -> [String] {
            let session = records.map {
                TraceEvent(
                    .zero, .session(.init(program: "test", programVersion: "", clock: .line, records: $0)))
            }
            return Recording((session.map { [$0] } ?? []) + [data]).assumptions
        }
        #expect(assumptions(nil).contains { $0.contains("whose end of the line") })
        #expect(assumptions(.sent).contains { $0.contains("holds what both sides sent") })
        #expect(!assumptions(.hostEnd).contains { $0.contains("end of the line") || $0.contains("both sides") })
    }
}
