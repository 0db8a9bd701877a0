import Line
import Replay
import Testing
import Trace

@Suite("Replaying the chip's side of a trace")
struct PlayerTests {
    static func event(_ milliseconds: Int64, _ kind: TraceEvent.Kind) -> TraceEvent {
        TraceEvent(Instant(nanoseconds: milliseconds * 1_000_000), kind)
    }

    /// A sync, its answer after 5 ms, a change of baud, and an exchange at the new one.
    static let events: [TraceEvent] = [
        event(0, .baud(.host, bitsPerSecond: 115_200)),
        event(100, .data(.hostToChip, [0x63, 0x6E, 0x79, 0x73])),
        event(105, .data(.chipToHost, [0x01])),
        event(200, .baud(.host, bitsPerSecond: 921_600)),
        event(200, .data(.hostToChip, [0xA5, 0x00])),
        event(210, .data(.hostToChip, [0x00, 0x00, 0xA5])),
        event(310, .data(.chipToHost, [0x5A, 0x00])),
        event(320, .data(.chipToHost, [0x00])),
    ]

    @Test(arguments: 1...9)
    func anyChunkingIsAnsweredAsRecorded(chunk: Int) throws {
        var bench = Desk(Player(Self.events))
        bench.send([0x63, 0x6E, 0x79, 0x73], chunk: chunk, at: 1_000)
        #expect(bench.heard.map(\.bytes) == [[0x01]])
        #expect(bench.heard[0].timing.start == instant(1_005))
        #expect(bench.heard[0].timing.rate == BitRate(baud: 115_200))
        bench.send([0xA5, 0x00, 0x00, 0x00, 0xA5], chunk: chunk, at: 2_000)
        #expect(bench.heard.map(\.bytes) == [[0x01], [0x5A, 0x00], [0x00]])
        #expect(bench.heard[1].timing.start == instant(2_100))
        #expect(bench.heard[2].timing.start == instant(2_110))
        #expect(bench.heard[2].timing.rate == BitRate(baud: 921_600))
        guard case .complete(let summary) = bench.player.outcome else {
            Issue.record("\(bench.player.outcome)")
            return
        }
        #expect(summary.hostByteCount == 9)
        #expect(summary.chipByteCount == 4)
        #expect(summary.recordedDuration == .milliseconds(320))
        #expect(bench.player.deadline == nil)
    }

    /// What is recorded of a run is when its last character was seen. Where characters took their time, the run began so
    /// much earlier; never before the byte that it answers.
    @Test func pacedAnswersEndWhenTheyEndedThen() {
        func session(_ clock: SessionDescription.Clock, _ time: String) -> TraceEvent {
            let properties = [SessionDescription.Property("time", time)]
            return Self.event(
                0, .session(.init(program: "test", programVersion: "", clock: clock, properties: properties)))
        }
        let answers = [
            Self.event(10, .data(.hostToChip, [1])), Self.event(15, .data(.chipToHost, [2, 3, 4])),
            Self.event(15, .data(.chipToHost, [5])), Self.event(20, .data(.hostToChip, [6])),
            Self.event(21, .data(.chipToHost, [UInt8](repeating: 7, count: 40))),
        ]
        for (clock, time, isPaced) in [
            (.virtual, "", true), (.line, "wire, strict", true), (.line, "brisk", false), (.host, "", false),
        ] as [(SessionDescription.Clock, String, Bool)] {
            var bench = Desk(Player([session(clock, time)] + answers))
            bench.give([1], at: 100)
            bench.run(until: instant(110))
            let first = bench.heard[0].timing
            #expect((isPaced ? first.end(of: 3) : first.start) == instant(105))
            #expect(bench.heard[1].timing.start == first.end(of: 3), "one behind the other")
            bench.give([6], at: 110)
            bench.run()
            #expect(bench.heard[2].timing.start == instant(isPaced ? 110 : 111))
        }
    }

    @Test func withoutDelaysAnswersFollowAtOnce() {
        var bench = Desk(Player(Self.events, pace: .none))
        bench.send([0x63, 0x6E, 0x79, 0x73, 0xA5, 0x00, 0x00, 0x00, 0xA5], at: 50)
        #expect(bench.heard.map(\.bytes) == [[0x01], [0x5A, 0x00], [0x00]])
        #expect(bench.heard[0].timing.start == instant(50))
        // One after the other, as on a wire.
        #expect(bench.heard[2].timing.start == bench.heard[1].timing.end(of: 2))
    }

    @Test func theReceiverFollowsTheBaudOfTheTrace() {
        var bench = Desk(Player(Self.events))
        #expect(bench.player.receiverClock(at: .zero).rate == BitRate(baud: 115_200))
        bench.send([0x63, 0x6E, 0x79, 0x73], at: 1_000)
        // As soon as its answer is out the chip is ready for the next rate, however quick the host is.
        let answered = bench.heard[0].timing.end(of: 1)
        #expect(bench.player.receiverClock(at: instant(1_004)).rate == BitRate(baud: 115_200))
        #expect(bench.player.receiverClock(at: answered).rate == BitRate(baud: 921_600))
    }

    @Test func theChipsOwnBaudIsBelievedBeforeTheHosts() {
        let events = [
            Self.event(0, .baud(.host, bitsPerSecond: 9_600)), Self.event(0, .baud(.chip, bitsPerSecond: 2_000_000)),
            Self.event(1, .data(.hostToChip, [1])),
        ]
        #expect(Player(events).receiverClock(at: .zero).rate == BitRate(baud: 2_000_000))
        #expect(Player([]).receiverClock(at: .zero).rate == BitRate(baud: 115_200))
    }

    /// Of what the host had, its own rate makes the same again: where the chip's was another, the bytes are garbage already.
    @Test func theHostsBaudIsBelievedOfTheHostsEnd() {
        let session = SessionDescription(program: "test", programVersion: "", clock: .line, records: .hostEnd)
        let events = [
            Self.event(0, .session(session)), Self.event(0, .baud(.host, bitsPerSecond: 9_600)),
            Self.event(0, .baud(.chip, bitsPerSecond: 2_000_000)), Self.event(1, .data(.hostToChip, [1])),
        ]
        #expect(Player(events).receiverClock(at: .zero).rate == BitRate(baud: 9_600))
        var sent = session
        sent.records = .sent
        let older = [Self.event(0, .session(sent))] + events.dropFirst()
        #expect(Player(older).receiverClock(at: .zero).rate == BitRate(baud: 2_000_000))
    }

    /// The chip makes 476,190 of 460800 baud (ECR6600 facts §4.3): 1,029 characters take 21.609 ms, not 22.331.
    @Test func aChipThatWasFasterThanItsRateIsNoLater() {
        let session = SessionDescription(program: "test", programVersion: "", clock: .virtual)
        let block = [UInt8](repeating: 3, count: 1029)
        let (sent, received) = (instant(10), Instant(nanoseconds: 10_000_000 + 21_609_100))
        var bench = Desk(
            Player([
                Self.event(0, .session(session)), Self.event(0, .baud(.host, bitsPerSecond: 460_800)),
                TraceEvent(sent, .data(.hostToChip, [1])), TraceEvent(received, .data(.chipToHost, block)),
            ]))
        bench.give([1], at: 10)
        bench.run()
        let timing = bench.heard[0].timing
        #expect(timing.start == sent)
        #expect((received.nanoseconds - 2...received.nanoseconds).contains(timing.end(of: 1029).nanoseconds))
        #expect(timing.rate == BitRate(baud: 460_800))
    }

    @Test func aLaterHostByteDoesNotPostponeAnAnswer() {
        var bench = Desk(
            Player([
                Self.event(0, .data(.hostToChip, [1])), Self.event(50, .data(.chipToHost, [2])),
                Self.event(60, .data(.hostToChip, [3])), Self.event(61, .data(.chipToHost, [4])),
            ]))
        bench.give([1], at: 0)
        bench.give([3], at: 20)
        bench.run()
        #expect(bench.heard.map(\.bytes) == [[2], [4]])
        #expect(bench.heard[0].timing.start == instant(50))
        #expect(bench.heard[1].timing.start == bench.heard[0].timing.end(of: 1))
    }

    @Test(arguments: 1...6)
    func anotherByteIsExplained(chunk: Int) throws {
        var bench = Desk(Player(Self.events))
        bench.send([0x63, 0x6E, 0x79, 0x73], chunk: chunk, at: 1_000)
        bench.send([0xA5, 0x00, 0x00, 0x07, 0xA5], chunk: chunk, at: 2_000)
        let divergence = try #require(bench.divergence)
        #expect(divergence.kind == .mismatch)
        #expect(divergence.hostOffset == 7)
        #expect(divergence.eventIndex == 5)
        #expect(divergence.recordedTime == instant(210))
        #expect(divergence.before == [0x63, 0x6E, 0x79, 0x73, 0xA5, 0x00, 0x00])
        #expect(divergence.expected == [0x00, 0xA5])
        #expect(divergence.got.first == 0x07)
        #expect(bench.heard.map(\.bytes) == [[0x01]])
        #expect(bench.player.deadline == nil)
        #expect(divergence.recordedOffset == 7)
    }

    @Test func silenceIsADivergenceAfterTheRecordedPauseAndPatience() throws {
        var bench = Desk(Player(Self.events, patience: .seconds(3)))
        bench.send([0x63, 0x6E, 0x79, 0x73], at: 1_000)
        #expect(bench.divergence == nil)
        bench.run()
        let divergence = try #require(bench.divergence)
        #expect(divergence.kind == .silence)
        #expect(divergence.hostOffset == 4)
        #expect(divergence.expected == [0xA5, 0x00, 0x00, 0x00, 0xA5])
        #expect(divergence.time == instant(1_000 + 100 + 3_000))
        #expect(divergence.got.isEmpty)
    }

    @Test func bytesAfterTheEndAreADivergence() throws {
        var bench = Desk(Player(Self.events))
        bench.send([0x63, 0x6E, 0x79, 0x73], at: 1_000)
        bench.send([0xA5, 0x00, 0x00, 0x00, 0xA5], at: 2_000)
        bench.send([0x42], at: 3_000)
        let divergence = try #require(bench.divergence)
        #expect(divergence.kind == .extra)
        #expect(divergence.hostOffset == 9)
        #expect(divergence.eventIndex == nil)
        #expect(divergence.got == [0x42])
    }

    @Test func whatATraceClaimsNeverCrashesAPlayer() {
        var state: UInt64 = 11
        func random(_ bound: Int) -> Int {
            state = state * 48271 % 0x7FFF_FFFF
            return Int(state % UInt64(bound))
        }
        let times: [Int64] = [.min, .max, 0, 1, -1, 1_000_000_000, 4_000_000_000_000_000_000]
        for _ in 0..<400 {
            let events = (0..<random(12)).map { _ in
                let kinds: [TraceEvent.Kind] = [
                    .data(.hostToChip, [UInt8](repeating: 7, count: random(4))),
                    .data(.chipToHost, [UInt8](repeating: 8, count: random(3000))),
                    .baud(.host, bitsPerSecond: [0, 1, 300, .max][random(4)]),
                    .baud(.chip, bitsPerSecond: [0, 1, 300, .max][random(4)]), .flushed(.both), .note("?"),
                ]
                return TraceEvent(Instant(nanoseconds: times[random(times.count)]), kinds[random(kinds.count)])
            }
            var desk = Desk(Player(events, pace: random(2) == 0 ? .recorded : .none))
            for round in 0..<4 { desk.send([UInt8](repeating: 7, count: random(6)), at: Int64(round * 1000)) }
            desk.run()
            #expect(desk.player.deadline == nil)
        }
    }

    @Test func pacedBytesAreTakenWhenTheyHaveArrived() {
        var bench = Desk(Player(Self.events))
        let rate = BitRate(baud: 115_200)
        bench.player.receive(
            ([0x63, 0x6E, 0x79, 0x73] as [UInt8]).span, timing: RunTiming(start: .zero, backToBackAt: rate))
        bench.run(until: instant(100))
        let arrival = RunTiming(start: .zero, backToBackAt: rate).end(of: 4)
        #expect(bench.heard[0].timing.start == arrival.advanced(by: .milliseconds(5)))
    }
}
