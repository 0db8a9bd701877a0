import Foundation
import Line
import Replay
import Testing
import Trace
import Wire

@Suite("Replaying by frames")
struct FrameReplayTests {
    static func event(_ milliseconds: Int64, _ kind: TraceEvent.Kind) -> TraceEvent {
        TraceEvent(Instant(nanoseconds: milliseconds * 1_000_000), kind)
    }
    static func host(_ milliseconds: Int64, _ bytes: [UInt8]) -> TraceEvent {
        event(milliseconds, .data(.hostToChip, bytes))
    }
    static func chip(_ milliseconds: Int64, _ bytes: [UInt8]) -> TraceEvent {
        event(milliseconds, .data(.chipToHost, bytes))
    }

    static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    /// ECR6600 facts §4.2, §10.
    static let flashID: [UInt8] = [0xA5, 0x90, 0x00, 0x00, 0x35]
    static let flashIDAnswer: [UInt8] = [0x5A, 0x90, 0x04, 0x00, 0xC8, 0x40, 0x15, 0x00, 0x00, 0x0B]
    static let baudAnswer: [UInt8] = [0x5A, 0x07, 0x00, 0x00, 0x00, 0x61]
    static let writeAnswer: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x00, 0x5C]

    /// Three sync words, of which the last is answered 300 ms after the first; the flash's id.
    static let beginning: [TraceEvent] = [
        event(0, .baud(.host, bitsPerSecond: 115_200)),
        host(100, sync), host(250, sync), host(400, sync), chip(402, [1]),
        host(500, flashID), chip(505, flashIDAnswer),
    ]

    private func player(
        _ events: [TraceEvent], pace: ReplayPace = .recorded, tolerates: Bool = false,
        knowsStub: ([UInt8]) -> Bool = { _ in true }
    ) -> Desk<FramePlayer> {
        Desk(
            FramePlayer(
                Recording(events), pace: pace, patience: .seconds(3), tolerates: tolerates, knowsStub: knowsStub))
    }

    private func isComplete(_ desk: Desk<FramePlayer>) -> Bool {
        if case .complete = desk.player.outcome { true } else { false }
    }

    // MARK: The recorded hosts

    @Test(arguments: GoldenReplayTests.names, [Int.max, 1, 7])
    func theRecordedHostIsAnsweredAsThen(name: String, chunk: Int) throws {
        let events = try GoldenReplayTests.events(name)
        var desk = player(events, knowsStub: { _ in false })
        var said: [UInt8] = []
        for event in events {
            guard case .data(let direction, let bytes) = event.kind else { continue }
            if direction == .chipToHost {
                said += bytes
                continue
            }
            for start in stride(from: 0, to: bytes.count, by: chunk == .max ? bytes.count : chunk) {
                let part = Array(bytes[start..<min(bytes.count, chunk == .max ? bytes.count : start + chunk)])
                desk.give(part, at: event.time.nanoseconds / 1_000_000)
            }
            desk.run(until: event.time)
        }
        desk.run()
        #expect(isComplete(desk), "\(desk.player.outcome)")
        #expect(desk.heard.flatMap(\.bytes) == said)
    }

    // MARK: What is the host's own affair

    /// The answer comes to a sync word that comes as late as the recorded chip began to listen, however many there are.
    @Test(arguments: [20, 50, 299, 301])
    func anyNumberOfSyncWords(interval: Int64) {
        var desk = player(Self.beginning)
        var moment: Int64 = 1000
        while desk.heard.isEmpty, moment < 3000 {
            desk.give(Self.sync, at: moment)
            desk.run(until: instant(moment + min(interval, 19)))
            moment += interval
        }
        #expect(desk.heard.map(\.bytes) == [[1]])
        #expect(desk.heard[0].timing.start >= instant(1300))
        #expect(desk.heard[0].timing.start <= instant(1302 + interval))
        desk.send(Self.flashID, at: 5000)
        #expect(isComplete(desk), "\(desk.player.outcome)")
    }

    @Test func withoutWaitingTheFirstSyncWordIsAnswered() {
        var desk = player(Self.beginning, pace: .none)
        desk.give(Self.sync, at: 0)
        #expect(desk.heard.map(\.bytes) == [[1]])
    }

    /// The same frame again gets the recorded answer again, and a question that a loader does not answer is nothing.
    @Test func retriesAndQuestions() {
        var desk = player(Self.beginning)
        desk.send(Self.flashID, at: 0)
        for moment in 0..<7 { desk.give(Self.sync, at: 1000 + Int64(moment) * 50) }
        desk.run(until: instant(2000))
        desk.send(Self.flashID, at: 2000)
        desk.send(Self.flashID, at: 3000)
        desk.send(Self.flashID, at: 4000)
        #expect(desk.heard.map(\.bytes) == [[1]] + [[UInt8]](repeating: Self.flashIDAnswer, count: 3))
        #expect(isComplete(desk), "\(desk.player.outcome)")
    }

    /// A BAUD command, its answer 50 ms later at the new rate (ECR6600 facts §4.2); the trace names rates or does not.
    @Test(arguments: [true, false]) func theRateChanges(isNamed: Bool) throws {
        let command = StubRequest.baud(921_600).bytes
        var events =
            Self.beginning + [
                Self.host(600, command), Self.event(610, .baud(.host, bitsPerSecond: 921_600)),
                Self.chip(650, Self.baudAnswer),
            ]
        if !isNamed { events.removeAll { if case .baud = $0.kind { true } else { false } } }
        let recording = Recording(events)
        #expect(recording.assumptions.contains { $0.contains("names no baud rate") } == !isNamed)
        var desk = player(events)
        for moment in 0..<10 { desk.give(Self.sync, at: Int64(moment) * 50) }
        desk.send(Self.flashID, at: 1000)
        desk.send(command, at: 2000)
        let answer = try #require(desk.heard.last)
        #expect(answer.bytes == Self.baudAnswer)
        #expect(answer.timing.rate == BitRate(baud: 921_600))
        #expect(answer.timing.start == instant(2050))
        #expect(desk.player.receiverClock(at: instant(2001)).rate == BitRate(baud: 921_600))
        // Byte for byte as well.
        var exact = Desk(Player(recording.events))
        for event in recording.events {
            if case .data(.hostToChip, let bytes) = event.kind {
                exact.send(bytes, at: event.time.nanoseconds / 1_000_000)
            }
        }
        #expect(exact.heard.last?.timing.rate == BitRate(baud: 921_600))
    }

    // MARK: Block sizes

    /// A write of 8 KB in two frames; the second is refused once (status 05, §4.2).
    static func frames(of size: Int, data: [UInt8], refusing refused: Int? = nil) -> [TraceEvent] {
        var events = [Self.host(0, StubRequest(.flashDownload, address: 0x8000, length: UInt32(data.count)).bytes)]
        events.append(Self.chip(5, Self.writeAnswer))
        var moment: Int64 = 10
        for (index, start) in stride(from: 0, to: data.count, by: size).enumerated() {
            let part = data[start..<min(data.count, start + size)]
            events.append(Self.host(moment, StubRequest.data(.flashDownload, again: false, part).bytes))
            if index == refused {
                events.append(Self.chip(moment + 5, [0x5A, 0x02, 0x00, 0x00, 0x05, 0x61]))
                moment += 10
                events.append(Self.host(moment, StubRequest.data(.flashDownload, again: true, part).bytes))
            }
            events.append(Self.chip(moment + 5, Self.writeAnswer))
            moment += 10
        }
        return events
    }
    static let data = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    @Test(arguments: [512, 1000, 1024, 4096, 8192])
    func anyBlockSize(size: Int) {
        var desk = player(Self.frames(of: 4096, data: Self.data))
        for event in Self.frames(of: size, data: Self.data) {
            if case .data(.hostToChip, let bytes) = event.kind { desk.send(bytes, at: event.time.nanoseconds / 1000) }
        }
        #expect(isComplete(desk), "\(desk.player.outcome)")
        let count = 1 + (8192 + size - 1) / size
        #expect(desk.heard.flatMap(\.bytes) == [[UInt8]](repeating: Self.writeAnswer, count: count).flatMap { $0 })
    }

    /// What was refused once is refused once, whatever the blocks.
    @Test(arguments: [1024, 4096]) func aRefusalComesAgain(size: Int) {
        var desk = player(Self.frames(of: 4096, data: Self.data, refusing: 1))
        for event in Self.frames(of: size, data: Self.data, refusing: 4096 / size) {
            if case .data(.hostToChip, let bytes) = event.kind { desk.send(bytes, at: event.time.nanoseconds / 1000) }
        }
        #expect(isComplete(desk), "\(desk.player.outcome)")
        #expect(desk.heard.map(\.bytes).count { $0[4] == 5 } == 1)
    }

    @Test(arguments: [512, 4096]) func anotherByteInABlockIsFound(size: Int) throws {
        var other = Self.data
        other[5000] ^= 0x10
        var desk = player(Self.frames(of: 4096, data: Self.data))
        for event in Self.frames(of: size, data: other) {
            if case .data(.hostToChip, let bytes) = event.kind { desk.send(bytes, at: event.time.nanoseconds / 1000) }
        }
        let divergence = try #require(desk.divergence)
        // Start: 13 bytes. Frames: 4 of head, 1 of flag, the data, 1 of sum.
        #expect(divergence.hostOffset == 13 + 5000 / size * (size + 6) + 5 + 5000 % size)
        #expect(divergence.recordedOffset == 13 + 1 * (4096 + 6) + 5 + 904)
        #expect(divergence.expected.first == Self.data[5000])
        #expect(divergence.got.first == other[5000])
    }

    // MARK: What is not as recorded

    /// One bit of what the host sends, anywhere: in a command, in the image, in a block, in its CRC.
    @Test(arguments: 0..<60) func oneFlippedBitIsFound(seed: Int) throws {
        let events = try GoldenReplayTests.events("write-64k")
        let stream = events.flatMap { event in
            if case .data(.hostToChip, let bytes) = event.kind { bytes } else { [] as [UInt8] }
        }
        var random = SplitMix64(seed: UInt64(seed))
        // After the sync word, which may come as often as it likes.
        let place = 9 + Int(random.next(below: UInt64(stream.count - 9)))
        let bit = UInt8(1) << UInt8(random.next(below: 8))
        var desk = player(events)
        var exact = Desk(Player(events))
        var offset = 0
        for event in events {
            guard case .data(.hostToChip, var bytes) = event.kind else { continue }
            if (offset..<(offset + bytes.count)).contains(place) { bytes[place - offset] ^= bit }
            offset += bytes.count
            desk.give(bytes, at: event.time.nanoseconds / 1_000_000)
            desk.run(until: event.time)
            exact.give(bytes, at: event.time.nanoseconds / 1_000_000)
        }
        desk.run()
        exact.run()
        #expect(exact.divergence?.hostOffset == place)
        let divergence = try #require(desk.divergence, "byte \(place)")
        // A length that is another makes the frame's end another: then it is silence that tells, and the byte is the same.
        #expect(divergence.hostOffset == place, "\(divergence.kind)")
    }

    @Test func silenceIsADivergence() throws {
        var desk = player(Self.beginning)
        for moment in 0..<10 { desk.give(Self.sync, at: Int64(moment) * 50) }
        desk.run()
        let divergence = try #require(desk.divergence)
        #expect(divergence.kind == .silence)
        #expect(divergence.recordedOffset == 12)
        #expect(divergence.expected == Self.flashID)
        // The last word at 450 ms, 100 ms as then, 3 s of patience.
        #expect(divergence.time == instant(450 + 100 + 3000))
    }

    @Test func moreThanWasRecorded() throws {
        var desk = player(Self.beginning)
        for moment in 0..<10 { desk.give(Self.sync, at: Int64(moment) * 50) }
        desk.send(Self.flashID, at: 1000)
        desk.send(StubRequest(.erase, address: 0, length: 4096).bytes, at: 2000)
        let divergence = try #require(desk.divergence)
        #expect(divergence.kind == .extra)
    }

    @Test func aTolerantReplayGoesOnAndCounts() {
        var other = Self.data
        other[5000] ^= 0x10
        other[100] ^= 1
        var desk = player(Self.frames(of: 4096, data: Self.data), tolerates: true)
        for event in Self.frames(of: 1024, data: other) {
            if case .data(.hostToChip, let bytes) = event.kind { desk.send(bytes, at: event.time.nanoseconds / 1000) }
        }
        #expect(isComplete(desk), "\(desk.player.outcome)")
        #expect(desk.player.tolerated.count == 2)
        #expect(desk.heard.map(\.bytes).allSatisfy { $0 == Self.writeAnswer })
        var exact = Desk(Player(Self.frames(of: 4096, data: Self.data), tolerates: true))
        for event in Self.frames(of: 4096, data: other) {
            if case .data(.hostToChip, let bytes) = event.kind { exact.send(bytes, at: event.time.nanoseconds / 1000) }
        }
        // Two bytes and the two sums.
        #expect(exact.player.tolerated.count == 4)
    }

    /// Bytes that a recorder has lost may be any: the frame around them has its length all the same.
    @Test func missingBytesAreTakenForAny() {
        let command = StubRequest(.erase, address: 0x8000, length: 0x6000).bytes
        let answer: [UInt8] = [0x5A, 0x04, 0x00, 0x00, 0x00, 0x5E]
        let events = [
            Self.host(0, Array(command.prefix(6))),
            Self.event(0, .lost(.hostToChip, count: command.count - 6, reason: "the recording does not have them")),
            Self.chip(50, answer),
        ]
        let recording = Recording(events)
        #expect(recording.assumptions.contains { $0.contains("7 bytes of the host are missing") })
        var exact = Desk(Player(recording.events, holes: recording.holes))
        exact.send(command, at: 0)
        #expect(exact.heard.map(\.bytes) == [answer])
        var frames = player(events)
        frames.send(command, at: 0)
        #expect(frames.heard.map(\.bytes) == [answer], "\(frames.player.outcome)")
    }

    // MARK: Traces that make no sense

    @Test func whatATraceClaimsNeverCrashesAPlayer() throws {
        let stream = try GoldenReplayTests.events("read-64k")
        let times: [Int64] = [.min, .max, 0, 1, -1, 1_000_000_000, 4_000_000_000_000_000_000]
        for seed in 0..<300 {
            var random = SplitMix64(seed: UInt64(seed))
            func pick(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }
            var events = Array(stream.prefix(pick(60)))
            for _ in 0..<(1 + pick(12)) where !events.isEmpty {
                let index = pick(events.count)
                switch pick(6) {
                case 0: events.remove(at: index)
                case 1: events.insert(events[pick(events.count)], at: index)
                case 2: events[index].time = Instant(nanoseconds: times[pick(times.count)])
                case 3: events.insert(Self.event(0, .power(on: pick(2) == 0)), at: index)
                case 4:
                    events.insert(
                        Self.event(
                            0, .lost(.hostToChip, count: [1, -1, .max, 5000][pick(4)], reason: "the recording has not")),
                        at: index)
                default:
                    guard case .data(let direction, var bytes) = events[index].kind, !bytes.isEmpty else { continue }
                    bytes[pick(bytes.count)] = UInt8(pick(256))
                    events[index].kind = .data(pick(3) == 0 ? direction.opposite : direction, bytes)
                }
            }
            let recording = Recording(events)
            var frames = Desk(FramePlayer(recording, patience: .seconds(1), tolerates: pick(2) == 0))
            var host = Desk(HostPlayer(recording, patience: .seconds(1), tolerates: pick(2) == 0))
            for event in stream.prefix(pick(80)) {
                guard case .data(let direction, let bytes) = event.kind else { continue }
                if direction == .hostToChip {
                    frames.give(bytes, at: event.time.nanoseconds / 1_000_000)
                } else {
                    host.give(bytes, at: event.time.nanoseconds / 1_000_000)
                }
            }
            frames.run(until: instant(200_000_000))
            host.run(until: instant(200_000_000))
            for case .diverged(let divergence) in [frames.player.outcome, host.player.outcome] {
                #expect(!DivergenceReport(divergence, in: recording).lines.isEmpty)
            }
        }
    }
}
