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
    }

    /// Nothing of which it could be said that it agrees: an empty trace, or one of remarks alone.
    @Test func withoutABytePortsAndRemarksAreNoAgreement() throws {
        let silent = [
            PlayerTests.event(0, .portOpened), PlayerTests.event(1, .note("CAPTURE_COMPLETE")),
            PlayerTests.event(1, .data(.hostToChip, [])),
        ]
        for traces in [([], []), (silent, []), (silent, silent)] {
            let found = try #require(TraceDiff().firstDifference(traces.0, traces.1))
            #expect(found.kind == .nothingToCompare)
            #expect(found.explanation.contains("nothing to compare"))
        }
        let found = try #require(TraceDiff().firstDifference([events[1]], silent.dropFirst()))
        #expect(found.kind == .data(.hostToChip, offset: 0), "one of them has bytes")
    }

    /// A pseudo-terminal does not say when its client sets a rate, and tells two flushes in a row as one.
    @Test func whatIsLeftToChanceAtAPortMakesNoDifference() throws {
        func opened(_ kinds: [TraceEvent.Kind]) -> [TraceEvent] {
            kinds.map { PlayerTests.event(50, $0) } + events.dropFirst()
        }
        let rate = TraceEvent.Kind.baud(.host, bitsPerSecond: 115_200)
        let left = opened([.portOpened, rate, .flushed(.input), .flushed(.output)])
        for right in [
            [.portOpened, .flushed(.input), rate, .flushed(.output)], [.portOpened, .flushed(.both), rate],
            [rate, .portOpened, .flushed(.both)],
        ] as [[TraceEvent.Kind]] {
            #expect(TraceDiff().firstDifference(left, opened(right)) == nil)
        }
        // What a host did otherwise is found all the same.
        for right in [
            [.portOpened, rate], [.portOpened, rate, .flushed(.input)], [.flushed(.both), .portOpened, rate],
            [.portOpened, rate, .baud(.host, bitsPerSecond: 9600), .flushed(.both)],
            [.portOpened, .baud(.host, bitsPerSecond: 9600), .flushed(.both)],
            [.portOpened, rate, .flushed(.input), .portClosed, .portOpened, .flushed(.output)],
        ] as [[TraceEvent.Kind]] {
            #expect(TraceDiff().firstDifference(left, opened(right))?.kind == .port)
        }
    }

    /// Once before the answer came and once after is not twice in a row.
    @Test func flushesWithSomethingReceivedBetweenThemAreTwo() {
        func flushing(at places: [Int]) -> [TraceEvent] {
            var other = events
            for place in places.reversed() { other.insert(TraceEvent(other[place].time, .flushed(.input)), at: place) }
            return other
        }
        #expect(TraceDiff().firstDifference(flushing(at: [2]), flushing(at: [2, 2])) == nil)
        #expect(TraceDiff().firstDifference(flushing(at: [2]), flushing(at: [2, 3]))?.kind == .port)
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
