import Line
import Replay
import TestForms
import Testing
import Trace
import Wire

@testable import Simulation

/// One bit of what a chip says is another than was recorded: the host that is played finds it, with its place, by bytes and by
/// frames.
@Suite struct FlippedAnswerTests {
    private static let names = [
        "good-bench-community-1", "good-bench-vendor-1", "good-bench-rdtool-1", "good-bench-community-2",
    ]

    /// The trace with one bit flipped in what one side sent, at `place` of it.
    private func flipped(_ events: [TraceEvent], _ side: Direction, at place: Int, bit: UInt8) -> [TraceEvent] {
        var events = events
        var offset = 0
        for index in events.indices {
            guard case .data(side, var bytes) = events[index].kind else { continue }
            if (offset..<(offset + bytes.count)).contains(place) { bytes[place - offset] ^= bit }
            offset += bytes.count
            events[index].kind = .data(side, bytes)
        }
        return events
    }

    /// Random places of what one side said, but for those that say nothing.
    private func places(
        _ recording: Recording, _ side: Direction, seed: UInt64, where counts: (ReplayedMessage) -> Bool
    ) -> [(place: Int, bit: UInt8, message: ReplayedMessage)] {
        var random = SplitMix64(seed: seed)
        let messages = recording.messages.filter { $0.direction == side && counts($0) }
        return (0..<byForm(short: 8, long: 100)).map { _ in
            let message = messages[Int(random.next(below: UInt64(messages.count)))]
            let place = message.offset + Int(random.next(below: UInt64(message.bytes.count)))
            return (place, 1 << UInt8(random.next(below: 8)), message)
        }
    }

    /// Until one of them says how it ended, or nothing happens any more.
    private func meet<Host: Replaying, Device: Replaying>(
        _ host: Host, _ device: Device, until isOver: (Host, Device) -> Bool
    ) -> (Host, Device) {
        var line = VirtualLine(host: host, device: device)
        line.run(until: Instant(nanoseconds: 1_000_000_000_000)) { isOver($0.host, $0.device) }
        return (line.host, line.device)
    }

    private func isRunning(_ player: some Replaying) -> Bool {
        if case .running = player.outcome { true } else { false }
    }

    /// Of the chip's bytes, against the host that is played.
    @Test(arguments: names) func ofTheChip(name: String) throws {
        let recording = try ReplayedCorpusTests.recording(name)
        let answers = places(recording, .chipToHost, seed: 2) {
            switch $0.kind {
            // A host that has written an image to a mask ROM may get answers to its pieces or none (ECR6600 facts §3).
            case .pieceAnswer, .text, .noise: false
            // A sum that nobody computes is no part of what it says (§4.2).
            case .answer(let answer): answer.sum == .right
            default: true
            }
        }
        for (place, bit, message) in answers {
            let chip = Player(flipped(recording.events, .chipToHost, at: place, bit: bit))
            let (exact, _) = meet(Player(recording.mirrored, side: .chipToHost), chip) { host, _ in !isRunning(host) }
            guard case .diverged(let one) = exact.outcome else {
                Issue.record("exact, byte \(place), \(message.description): \(exact.outcome)")
                continue
            }
            #expect(one.hostOffset == place && one.direction == .chipToHost, "exact, \(message.description)")
            let (frames, _) = meet(HostPlayer(recording), chip) { host, _ in !isRunning(host) }
            guard case .diverged(let other) = frames.outcome else {
                Issue.record("frames, byte \(place), \(message.description): \(frames.outcome)")
                continue
            }
            #expect(other.hostOffset == place, "frames, bit \(bit) of \(message.description), \(other.kind)")
        }
    }
}
