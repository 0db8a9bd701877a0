import Capture
import FoundationEssentials
import Line
import Replay
import Testing
import Trace

/// Recorded sessions, played to a host that says what the recorded one said.
@Suite("Replaying the recorded sessions")
struct GoldenReplayTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "traces").path(percentEncoded: false)

    static let names = [
        "efuse", "erase", "fail-read-lost-eot-ack", "fail-write-no-100ms-gap", "read-64k", "sync-no-answer",
        "write-64k",
        "write-64k-one-bit-corrupt",
    ]

    static func events(_ name: String) throws -> [TraceEvent] {
        try TraceReader(opening: "\(folder)/\(name).pcap").events()
    }

    @Test(arguments: names, [ReplayPace.recorded, .none])
    func theChipSaysWhatItSaidThen(name: String, pace: ReplayPace) throws {
        let events = try Self.events(name)
        var desk = Desk(Player(events, pace: pace))
        var said: [UInt8] = []
        for event in events {
            guard case .data(let direction, let bytes) = event.kind else { continue }
            if direction == .hostToChip {
                desk.give(bytes, at: event.time.nanoseconds / 1_000_000)
            } else {
                said += bytes
            }
        }
        desk.run()
        #expect(desk.heard.flatMap(\.bytes) == said)
        guard case .complete(let summary) = desk.player.outcome else {
            Issue.record("\(desk.player.outcome)")
            return
        }
        #expect(summary.chipByteCount == said.count)
    }
}
