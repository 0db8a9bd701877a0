import Line
import Replay
import Testing
import Trace
import Wire

/// One bit of what a host sends is another than was recorded: it is found, with its place, by bytes and by frames.
@Suite("One flipped bit of a host")
struct FlippedBitTests {
    private static let names = [
        "good-bench-community-1", "good-bench-vendor-1", "good-bench-rdtool-1", "good-bench-community-2",
        "lost-ack-vendor-1", "corrupt-block-vendor-1",
    ]

    @Test(arguments: names, 0..<12) func isFound(name: String, seed: UInt64) throws {
        let events = try GoldenReplayTests.events(name)
        let recording = Recording(events)
        var random = SplitMix64(seed: seed)
        // Sync words are the host's own affair by frames, and a broken one is noise between others; noise is no message.
        let messages = recording.messages.filter {
            $0.direction == .hostToChip && $0.kind != .syncWord && $0.kind != .noise
        }
        let message = messages[Int(random.next(below: UInt64(messages.count)))]
        let place = message.offset + Int(random.next(below: UInt64(message.bytes.count)))
        let bit = UInt8(1) << UInt8(random.next(below: 8))
        var exact = Desk(Player(events))
        var frames = Desk(FramePlayer(recording, patience: .seconds(3)))
        var offset = 0
        for event in events {
            guard case .data(.hostToChip, var bytes) = event.kind else { continue }
            if (offset..<(offset + bytes.count)).contains(place) { bytes[place - offset] ^= bit }
            offset += bytes.count
            exact.give(bytes, at: event.time.nanoseconds / 1_000_000)
            frames.give(bytes, at: event.time.nanoseconds / 1_000_000)
            frames.run(until: event.time)
        }
        exact.run()
        frames.run()
        #expect(exact.divergence?.hostOffset == place, "\(message.description)")
        let divergence = try #require(frames.divergence, "bit \(bit) of byte \(place), \(message.description)")
        #expect(divergence.hostOffset == place, "bit \(bit) of \(message.description), \(divergence.kind)")
        // Of a frame that comes again the place in the trace is that in the first of them.
        if case .request(let request) = message.kind, case .data(count: _, again: true) = request.body { return }
        #expect(divergence.recordedOffset == place, "bit \(bit) of \(message.description), \(divergence.kind)")
    }
}
