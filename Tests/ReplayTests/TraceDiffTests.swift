import Line
import Replay
import Testing
import Trace

@Suite("Comparing two traces")
struct TraceDiffTests {
    let events = PlayerTests.events

    private func rechunked(_ events: [TraceEvent]) -> [TraceEvent] {
        events.flatMap { event -> [TraceEvent] in
            guard case .data(let direction, let bytes) = event.kind else { return [event] }
            return bytes.map { TraceEvent(event.time, .data(direction, [$0])) }
        }
    }

    @Test func chunksAndRemarksMakeNoDifference() {
        let other = rechunked(events) + [PlayerTests.event(900, .note("the end"))]
        #expect(TraceDiff(timingTolerance: .zero).firstDifference(events, other) == nil)
        #expect(TraceDiff().firstDifference([], [PlayerTests.event(0, .data(.hostToChip, []))]) == nil)
    }

    @Test func theFirstOtherByteIsFound() throws {
        var other = events
        other[5].kind = .data(.hostToChip, [0x00, 0x09, 0xA5])
        other[7].kind = .data(.chipToHost, [0x77])
        let found = try #require(TraceDiff().firstDifference(events, rechunked(other)))
        #expect(found.kind == .data(.hostToChip, offset: 7))
        #expect(found.left?.what == "00 A5")
        #expect(found.left?.eventIndex == 5)
        #expect(found.right?.what == "09 A5")
        #expect(found.before == [0x63, 0x6E, 0x79, 0x73, 0xA5, 0x00, 0x00])
        #expect(found.explanation.hasPrefix("host-to-chip differs at byte 7 (0x7)"))
    }

    @Test func anEarlierEndIsADifference() throws {
        let found = try #require(TraceDiff().firstDifference(events, events.dropLast()))
        #expect(found.kind == .data(.chipToHost, offset: 3))
        #expect(found.right == nil)
        #expect(found.explanation.contains("right:  nothing more"))
    }

    @Test func whatWasDoneToThePortIsCompared() throws {
        var other = events
        other[3].kind = .baud(.host, bitsPerSecond: 460_800)
        let found = try #require(TraceDiff().firstDifference(events, other))
        #expect(found.kind == .port)
        #expect(found.left?.what == "host set to 921600 baud after 4 bytes of the host")
        #expect(found.right?.what == "host set to 460800 baud after 4 bytes of the host")
        other = events
        other.insert(PlayerTests.event(106, .flushed(.input)), at: 3)
        #expect(TraceDiff().firstDifference(events, other)?.right?.what == "flushed input after 4 bytes of the host")
    }

    @Test func timesMatterOnlyWhenAskedFor() throws {
        var other = events
        // Everything 7 s later is the same session; one answer 30 ms later is not.
        for index in other.indices { other[index].time = other[index].time.advanced(by: .seconds(7)) }
        other[6].time = other[6].time.advanced(by: .milliseconds(30))
        #expect(TraceDiff().firstDifference(events, other) == nil)
        #expect(TraceDiff(timingTolerance: .milliseconds(30)).firstDifference(events, other) == nil)
        let found = try #require(TraceDiff(timingTolerance: .milliseconds(29)).firstDifference(events, other))
        #expect(found.kind == .timing(.chipToHost, offset: 2, rightIsLaterBy: .milliseconds(30)))
        #expect(found.explanation.contains("comes 30000 µs later in the right trace"))
    }
}
