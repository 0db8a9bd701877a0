import Comparison
import Line
import Testing
import Trace
import Wire

/// What counts as the same and what does not.
@Suite struct ComparisonTests {
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
    private let events = Self.events
    private let comparison = TraceComparison()
    private var strict: TraceComparison {
        var comparison = TraceComparison()
        comparison.timingTolerance = .zero
        return comparison
    }

    @Test func chunksAndRemarksMakeNoDifference() {
        let other = rechunked(events) + [Self.event(900, .note("the end"))]
        #expect(strict.differences(events, other) == [])
        #expect(strict.outcome(events, other) == .agree)
    }

    /// Nothing of which it could be said that it agrees: an empty trace, or one of remarks alone.
    @Test func withoutABytePortsAndRemarksAreNoAgreement() {
        let silent = [
            Self.event(0, .portOpened), Self.event(1, .note("CAPTURE_COMPLETE")), Self.event(1, .data(.hostToChip, [])),
        ]
        for traces in [([], []), (silent, []), (silent, silent)] {
            #expect(comparison.outcome(traces.0, traces.1) == .nothingToCompare)
            var text = ComparisonText(a: "a", b: "b", isColoured: false, most: 9, window: 64)
            comparison.findings(traces.0, traces.1).forEach { _ = text.take($0) }
            #expect(text.finish().last?.contains("nothing to compare") == true)
        }
        #expect(comparison.outcome([events[1]], Array(silent.dropFirst())) == .differ, "one of them has bytes")
        #expect(comparison.differences([events[1]], Array(silent.dropFirst())) == ["- sync word"])
    }

    /// A recorder at a port does not see the chip's rates, and an emulated line has no frame formats.
    @Test func whatOneRecorderCannotKnowMakesNoDifference() {
        func trace(_ clock: SessionDescription.Clock, _ kinds: TraceEvent.Kind...) -> [TraceEvent] {
            let session = SessionDescription(program: "a recorder", programVersion: "1", clock: clock)
            return ([.session(session)] + kinds).map { Self.event(0, $0) } + events
        }
        let format = FrameFormat(dataBits: 7, parity: .even, stopBits: .one)
        let emulated = trace(.line, .baud(.chip, bitsPerSecond: 115_200))
        let recorded = trace(.host, .frameFormat(.host, .eightNone1))
        #expect(comparison.differences(emulated, recorded) == [])
        #expect(comparison.differences(recorded, emulated) == [])
        #expect(comparison.outcome(emulated, recorded) == .agree)
        // What both can know is compared.
        #expect(comparison.outcome(emulated, trace(.virtual, .baud(.chip, bitsPerSecond: 9600))) == .differ)
        #expect(comparison.outcome(emulated, trace(.virtual)) == .differ)
        #expect(comparison.outcome(recorded, trace(.usb, .frameFormat(.host, format))) == .differ)
    }

    /// A pseudo-terminal does not say when its client sets a rate, and tells two flushes in a row as one.
    @Test func whatIsLeftToChanceAtAPortMakesNoDifference() {
        func opened(_ kinds: [TraceEvent.Kind]) -> [TraceEvent] {
            kinds.map { Self.event(50, $0) } + events.dropFirst()
        }
        let rate = TraceEvent.Kind.baud(.host, bitsPerSecond: 115_200)
        let left = opened([.portOpened, rate, .flushed(.input), .flushed(.output)])
        for right in [
            [.portOpened, .flushed(.input), rate, .flushed(.output)], [.portOpened, .flushed(.both), rate],
            [rate, .portOpened, .flushed(.both)],
        ] as [[TraceEvent.Kind]] {
            #expect(comparison.outcome(left, opened(right)) == .agree)
        }
        // What a host did otherwise is found all the same.
        for (right, differences) in [
            ([.portOpened, rate], ["- the host threw away its both"]),
            (
                [.portOpened, rate, .flushed(.input)],
                ["~ the host threw away its both | the host threw away its input"]
            ),
            (
                [.flushed(.both), .portOpened, rate],
                ["- opened by the host", "+ opened by the host"]
            ),
            ([.portOpened, rate, .baud(.host, bitsPerSecond: 9600), .flushed(.both)], ["+ host at 9600"]),
            ([.portOpened, .baud(.host, bitsPerSecond: 9600), .flushed(.both)], ["~ host at 115200 | host at 9600"]),
        ] as [([TraceEvent.Kind], [String])] {
            #expect(comparison.differences(left, opened(right)) == differences)
        }
        let reopened = opened([.portOpened, rate, .flushed(.input), .portClosed, .portOpened, .flushed(.output)])
        #expect(comparison.outcome(left, reopened) == .differ)
    }

    /// Once before the answer came and once after is not twice in a row.
    @Test func flushesWithSomethingReceivedBetweenThemAreTwo() {
        func flushing(at places: [Int]) -> [TraceEvent] {
            var other = events
            for place in places.reversed() { other.insert(TraceEvent(other[place].time, .flushed(.input)), at: place) }
            return other
        }
        #expect(comparison.outcome(flushing(at: [2]), flushing(at: [2, 2])) == .agree)
        #expect(
            comparison.differences(flushing(at: [2]), flushing(at: [2, 3])) == ["+ the host threw away its input"])
    }

    /// Where it comes among the host's bytes, in the middle of a message as well.
    @Test func whenAPortIsFlushedMatters() {
        func flushing(at place: Int) -> [TraceEvent] {
            var other = events
            other.insert(TraceEvent(other[place].time, .flushed(.output)), at: place)
            return other
        }
        for (one, another) in [(1, 2), (4, 5), (5, 6)] {
            #expect(comparison.outcome(flushing(at: one), flushing(at: one)) == .agree)
            #expect(comparison.outcome(flushing(at: one), flushing(at: another)) == .differ, "\(one) \(another)")
            #expect(comparison.outcome(flushing(at: another), flushing(at: one)) == .differ, "\(one) \(another)")
        }
    }

    @Test func anotherByteIsFound() throws {
        var other = events
        other[5].kind = .data(.hostToChip, [0x00, 0x09, 0xA5])
        other[7].kind = .data(.chipToHost, [0x77])
        let found = comparison.findings(events, rechunked(other))
        let changed = found.compactMap { finding -> (TraceStep, TraceStep)? in
            if case .changed(let a, let b) = finding { (a, b) } else { nil }
        }
        let (a, b) = try #require(changed.first)
        guard case .bytes(let event) = a.what else {
            Issue.record("\(words(found))")
            return
        }
        let changes = ByteChanges(a.bytes, b.bytes)
        #expect(event.offset + changes.firstOffset == 7, "in all that the host sent")
        #expect(a.bytes == [0xA5, 0x00, 0x00, 0x00, 0xA5] && b.bytes == [0xA5, 0x00, 0x00])
        let more = found.compactMap { if case .only(.b, let step) = $0 { step.bytes } else { nil } }
        #expect(more == [[0x09], [0xA5]])
        // What comes behind is compared as well.
        #expect(changed.count == 2 && changed.last?.1.bytes == [0x5A, 0x00, 0x77])
    }

    @Test func anEarlierEndIsADifference() {
        #expect(comparison.differences(events, Array(events.dropLast())).count == 1)
        #expect(comparison.differences(events, Array(events.dropLast(2))) == ["- cut off, 3 of 6 bytes"])
        #expect(comparison.differences(Array(events.dropLast(2)), events) == ["+ cut off, 3 of 6 bytes"])
        #expect(comparison.outcome(events, Array(events.dropLast())) == .differ)
    }

    @Test func whatWasDoneToThePortIsCompared() {
        var other = events
        other[3].kind = .baud(.host, bitsPerSecond: 460_800)
        #expect(comparison.differences(events, other) == ["~ host at 921600 | host at 460800"])
        other = events
        other.insert(Self.event(106, .flushed(.input)), at: 3)
        #expect(comparison.differences(events, other) == ["+ the host threw away its input"])
    }

    /// Control lines, breaks and formats are the host's doing as well; lines that are said again are nothing new.
    @Test func linesAndBreaksAreCompared() {
        let lines = Self.event(50, .controlLines([.dataTerminalReady, .requestToSend]))
        for (kind, words) in [
            (.controlLines(.requestToSend), "+ RTS asserted"), (.breakSent, "+ the host sent one"),
            (.frameFormat(.host, FrameFormat(dataBits: 8, parity: .even, stopBits: .one)), "+ host at 8E1"),
        ] as [(TraceEvent.Kind, String)] {
            let other = [lines, Self.event(60, kind)] + events.dropFirst()
            #expect(comparison.differences([lines] + events.dropFirst(), Array(other)) == [words])
            var bytes = TraceComparison()
            bytes.comparesPort = false
            #expect(bytes.differences([lines] + events.dropFirst(), Array(other)) == [])
        }
        #expect(comparison.differences([lines] + events, [lines, lines] + events) == [])
        #expect(
            comparison.differences([lines] + events, [Self.event(50, .controlLines([]))] + events)
                == ["~ RTS DTR asserted | none asserted"])
    }

    /// Only the bytes: nothing that was done to a port.
    @Test func dataOnly() {
        var bytes = TraceComparison()
        bytes.comparesPort = false
        let other = [Self.event(0, .portOpened)] + events.filter { if case .data = $0.kind { true } else { false } }
        #expect(bytes.differences(events, other) == [])
        #expect(bytes.outcome(events, other) == .agree)
        #expect(comparison.outcome(events, other) == .differ)
    }

    @Test func timesMatterOnlyWhenAskedFor() {
        var other = events
        // Everything 7 s later is the same session; one answer 30 ms later is not.
        for index in other.indices { other[index].time = other[index].time.advanced(by: .seconds(7)) }
        other[6].time = other[6].time.advanced(by: .milliseconds(30))
        #expect(comparison.outcome(events, other) == .agree)
        var timed = TraceComparison()
        timed.timingTolerance = .milliseconds(30)
        #expect(timed.outcome(events, other) == .agree)
        timed.timingTolerance = .milliseconds(29)
        let found = timed.findings(events, other).compactMap { finding -> (Int, Duration)? in
            guard case .late(_, _, let place, let duration) = finding else { return nil }
            return (place, duration)
        }
        // The second of the answer's three bytes ends that record.
        #expect(found.count == 1)
        #expect(found.first.map { $0 == (1, .milliseconds(30)) } == true)
        #expect(timed.outcome(events, other) == .differ)
    }

    /// What is later by the same time all along is told once.
    @Test func aPauseIsToldOnce() {
        var (one, other) = (Recording(), Recording())
        for number in 1...6 {
            if number == 3 { other.wait(milliseconds: 40) }
            for recording in [0, 1] {
                let block = Recording.block(UInt8(number))
                if recording == 0 { one.host(block) } else { other.host(block) }
            }
        }
        var timed = TraceComparison()
        timed.timingTolerance = .milliseconds(1)
        let found = timed.differences(one.events, other.events)
        #expect(found.count == 1 && found[0].hasSuffix("0.04 seconds"), "\(found)")
    }

    /// A message that comes late, and the next in time: told where it goes and where it comes back.
    @Test func backInTime() {
        func session(late: Int64) -> [TraceEvent] {
            (0..<6).map { number in
                Self.event(
                    Int64(number) * 100 + (number == 3 ? late : 0), .data(.hostToChip, Recording.block(UInt8(number))))
            }
        }
        var timed = TraceComparison()
        timed.timingTolerance = .milliseconds(5)
        #expect(timed.differences(session(late: 0), session(late: 5)) == [])
        let found = timed.findings(session(late: 0), session(late: 40)).compactMap { finding -> Duration? in
            if case .late(_, _, _, let duration) = finding { duration } else { nil }
        }
        #expect(found == [.milliseconds(40), .zero])
    }

    /// Two decoders may cut what has no meaning differently, as where only one trace knows that the power was off.
    @Test func whatTheBytesAreCalledMakesNoDifference() {
        var (one, other) = (Recording(), Recording())
        one.host(Recording.sync)
        other.host(Recording.sync)
        other.add(.power(on: true))
        for recording in [0, 1] {
            let answers: [[UInt8]] = [[0x01], Array("Boot \u{1}C\n".utf8), Recording.flashIDAnswer]
            for answer in answers { if recording == 0 { one.chip(answer) } else { other.chip(answer) } }
        }
        #expect(comparison.differences(one.events, other.events) == [])
    }
}
