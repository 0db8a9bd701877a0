import Line
import Reports
import Testing
import Trace

/// When something was wrong on a line.
@Suite struct TroubleWindowsTests {
    /// "none 0-500" or "fault 1000-1040 ×3", in milliseconds.
    private func windows(_ events: [(Int64, TraceEvent.Kind)], end: Int64) -> [String] {
        var windows = TroubleWindows()
        for (milliseconds, kind) in events {
            windows.note(TraceEvent(Instant(nanoseconds: milliseconds * 1_000_000), kind), since: 0)
        }
        windows.finish(at: end * 1_000_000)
        return windows.windows.map {
            let span = "\($0.start / 1_000_000)-\($0.end / 1_000_000)"
            return $0.cause == .noPower ? "none \(span)" : "fault \(span) ×\($0.count): \($0.text)"
        }
    }

    @Test func powerThatComesLateWasMissingBefore() {
        #expect(windows([(500, .power(on: true))], end: 2000) == ["none 0-500"])
        #expect(windows([(0, .power(on: true))], end: 2000) == [])
        #expect(windows([(0, .power(on: true)), (700, .power(on: false))], end: 2000) == ["none 700-2000"])
        #expect(
            windows([(500, .power(on: true)), (700, .power(on: false)), (800, .power(on: true))], end: 2000)
                == ["none 0-500", "none 700-800"])
        #expect(windows([(3, .power(on: false)), (8, .power(on: false))], end: 9) == ["none 3-9"])
    }

    @Test func whatIsCloseTogetherIsOneWindow() {
        let fault = { (words: String) in TraceEvent.Kind.fault(words) }
        #expect(windows([(100, fault("a"))], end: 900) == ["fault 100-100 ×1: a"])
        #expect(windows([(100, fault("a")), (200, fault("b"))], end: 900) == ["fault 100-200 ×2: a"])
        #expect(
            windows([(100, fault("a")), (201, fault("b"))], end: 900) == ["fault 100-100 ×1: a", "fault 201-201 ×1: b"])
        // However long it goes on.
        let many = (0..<100).map { ($0 * 90, fault("a")) }
        #expect(windows(many.map { (Int64($0.0), $0.1) }, end: 9000) == ["fault 0-8910 ×100: a"])
    }

    /// Without power nothing arrives, which is no fault; a FIFO that overran is one.
    @Test func whatIsLostWithoutPowerIsNoFault() {
        let lost = { (reason: String) in TraceEvent.Kind.lost(.hostToChip, count: 4, reason: reason) }
        #expect(windows([(100, lost("no power")), (500, .power(on: true))], end: 900) == ["none 0-500"])
        #expect(windows([(100, lost("the FIFO overran"))], end: 900).count == 1)
    }

    /// What is noticed beside a fault comes of it, and is not counted again.
    @Test func aFaultNamesItsWindow() {
        let garbled = TraceEvent.Kind.garbled(.hostToChip, count: 4, sentAt: 115_200, receivedAt: 9600)
        let words = "fault 100-130 ×1: a"
        #expect(windows([(100, .fault("a")), (110, garbled), (130, garbled)], end: 900) == [words])
        #expect(windows([(100, garbled), (110, garbled), (130, .fault("a"))], end: 900) == [words])
        #expect(
            windows([(100, garbled), (110, garbled)], end: 900).first?.hasPrefix("fault 100-110 ×2: 4 bytes") == true)
    }

    /// In the order in which they began, also where one goes on beyond another.
    @Test func theyStandInTheirOrder() {
        let events: [(Int64, TraceEvent.Kind)] = [
            (0, .power(on: true)), (100, .power(on: false)), (150, .fault("a")), (300, .power(on: true)),
            (310, .fault("b")), (400, .fault("c")),
        ]
        #expect(
            windows(events, end: 900) == ["none 100-300", "fault 150-150 ×1: a", "fault 310-400 ×2: b"])
        let inside: [(Int64, TraceEvent.Kind)] = [
            (0, .power(on: true)), (100, .power(on: false)), (150, .fault("a")), (200, .power(on: true)),
            (230, .fault("b")),
        ]
        #expect(windows(inside, end: 900) == ["none 100-200", "fault 150-230 ×2: a"])
    }

    @Test func thereIsABound() {
        let many = (0..<1000).map { (Int64($0) * 500, TraceEvent.Kind.fault("a")) }
        #expect(windows(many, end: 900_000).count == 200)
    }
}

/// The axis of a drawing.
@Suite struct TickTests {
    @Test(
        arguments: [
            (5_867_300_000, 1_000_000_000), (900_000_000, 200_000_000), (61_000_000_000, 20_000_000_000), (5, 1),
            (1, 1),
            (10_000_000_000, 2_000_000_000),
        ] as [(Int64, Int64)])
    func fiveAtMost(length: Int64, step: Int64) {
        #expect(CheckTimeline.tickStep(for: length) == step)
    }
}
