import Line
import Replay
import Testing
import Trace
import Wire

/// `exact` that goes on: what is one fault of the host is one divergence, and all that comes after it is played.
@Suite("A replay by bytes that tolerates")
struct TolerantReplayTests {
    /// A start, two frames of 4 KB, and what each is answered.
    private static let events = FrameReplayTests.frames(of: 4096, data: data)
    /// No eight bytes of it come twice.
    private static let data: [UInt8] = {
        var random = SplitMix64(seed: 1)
        return (0..<8192).map { _ in UInt8(random.next(below: 256)) }
    }()
    private static let messages = events.compactMap { event in
        if case .data(.hostToChip, let bytes) = event.kind { bytes } else { nil as [UInt8]? }
    }
    /// The start is 13 bytes, a frame 4 + 1 + 4096 + 1.
    private static let places = [0, 1, 4, 5, 100, 2000, 4090, 4096, 4099, 4100]

    /// Sends messages, each so many milliseconds after the one before.
    private func replay(
        _ messages: [[UInt8]], of events: [TraceEvent] = events, chunk: Int = .max, every interval: Int64 = 10_000
    ) -> Desk<Player> {
        var desk = Desk(Player(events, patience: .seconds(3), tolerates: true))
        for (index, bytes) in messages.enumerated() { desk.send(bytes, chunk: chunk, at: Int64(index) * interval) }
        desk.run(until: instant(Int64(messages.count) * interval + 10_000))
        return desk
    }

    private func isComplete(_ desk: Desk<Player>) -> Bool {
        if case .complete = desk.player.outcome { true } else { false }
    }

    private func expectWhole(_ desk: Desk<Player>, divergences: Int, _ what: String) {
        #expect(isComplete(desk), "\(what): \(desk.player.outcome)")
        #expect(desk.player.tolerated.count == divergences, "\(what): \(desk.player.tolerated.first.map(\.hostOffset))")
        #expect(desk.heard.map(\.bytes) == [[UInt8]](repeating: FrameReplayTests.writeAnswer, count: 3), "\(what)")
    }

    /// One byte or some too many: in the head of a frame, in its data, at its end.
    @Test(arguments: [1, 2, 100], [Int.max, 1, 7]) func bytesTooMany(count: Int, chunk: Int) {
        for place in Self.places {
            var messages = Self.messages
            messages[1].insert(
                contentsOf: (0..<count).map { UInt8(truncatingIfNeeded: 0x81 &+ $0 &* $0 &* 3) }, at: place)
            let desk = replay(messages, chunk: chunk)
            expectWhole(desk, divergences: 1, "\(count) before \(place)")
            #expect((13 + place...13 + place + 3).contains(desk.player.tolerated.first[0].hostOffset))
        }
    }

    @Test(arguments: [1, 2, 16, 100], [Int.max, 7]) func bytesTooFew(count: Int, chunk: Int) {
        for place in Self.places where place + count <= 4102 {
            var messages = Self.messages
            messages[1].removeSubrange(place..<(place + count))
            expectWhole(replay(messages, chunk: chunk), divergences: 1, "\(count) from \(place) on")
        }
    }

    /// The last byte of all is not sent: the host waits, and so does the chip, for as long as it may.
    @Test func theLastByteIsMissing() {
        var messages = Self.messages
        messages[2].removeLast()
        let desk = replay(messages)
        expectWhole(desk, divergences: 1, "the last")
        #expect(desk.player.tolerated.first[0].kind == .silence)
    }

    /// A frame of other bytes is one divergence, and so is a whole frame too many or too few.
    @Test func wholeFrames() {
        var other = Self.messages
        other[1] =
            StubRequest.data(
                .flashDownload, again: false, Self.data[4096...].reversed().map { $0 ^ 0x55 }[...]
            ).bytes
        expectWhole(replay(other), divergences: 1, "another frame")
        var twice = Self.messages
        twice.insert(twice[1], at: 2)
        expectWhole(replay(twice), divergences: 1, "a frame twice")
        var missing = Self.messages
        missing.remove(at: 1)
        let desk = replay(missing)
        #expect(desk.player.tolerated.count == 1 && isComplete(desk), "\(desk.player.outcome)")
    }

    /// Sync words are said as often as a host likes; by bytes each one too many counts, and nothing is answered too early.
    @Test(arguments: [1, 2, 3, 5, 9]) func syncWords(count: Int) {
        let words = [[UInt8]](repeating: FrameReplayTests.sync, count: count)
        let desk = replay(words + [FrameReplayTests.flashID], of: FrameReplayTests.beginning, every: 1000)
        #expect(isComplete(desk), "\(desk.player.outcome)")
        #expect(desk.player.tolerated.count == (count < 3 ? 1 : count - 3), "\(desk.player.tolerated.first)")
        let answer = desk.heard.last
        #expect(answer?.bytes == FrameReplayTests.flashIDAnswer)
        #expect(answer.map { $0.timing.start >= instant(Int64(count) * 1000) } == true, "not before it is asked for")
    }

    /// More than was recorded, however much, is one.
    @Test func moreThanWasRecorded() {
        let desk = replay(Self.messages + [[UInt8]](repeating: FrameReplayTests.sync, count: 50))
        expectWhole(desk, divergences: 1, "more")
        #expect(desk.player.tolerated.first[0].kind == .extra)
    }

    /// Whatever a host sends: it comes to an end, in time that grows with the bytes and no faster.
    @Test func anyHost() {
        var random = SplitMix64(seed: 5)
        for round in 0..<60 {
            var messages = Self.messages
            for _ in 0..<(1 + random.next(below: 4)) {
                let index = Int(random.next(below: UInt64(messages.count)))
                let place = Int(random.next(below: UInt64(messages[index].count + 1)))
                switch random.next(below: 4) {
                case 0: messages[index].insert(UInt8(random.next(below: 256)), at: place)
                case 1: messages[index].removeLast(messages[index].count - place)
                case 2: messages.insert(messages[index], at: Int(random.next(below: UInt64(messages.count + 1))))
                default: messages[index] = messages[index].map { _ in UInt8(random.next(below: 256)) }
                }
            }
            let desk = replay(messages)
            if case .running = desk.player.outcome { Issue.record("round \(round): no end") }
            #expect(desk.player.tolerated.count <= 40, "round \(round)")
        }
    }
}
