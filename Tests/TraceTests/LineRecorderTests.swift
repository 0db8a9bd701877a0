import Line
import Testing
import Trace

/// The order in which a recorder writes what it hears.
@Suite struct LineRecorderTests {
    /// A character takes 86.8 µs at 115200 baud. The chip answers the third of five as soon as it has crossed, and its
    /// answer is known together with the whole run.
    @Test(arguments: [true, false])
    func anAnswerStandsInTheRunThatItAnswers(isQuiet: Bool) {
        var recorder = LineRecorder(into: TraceEvents())
        let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 115_200))
        recorder.sent([1, 2, 3, 4, 5].span, timing, .hostToChip)
        let answered = RunTiming(start: timing.end(of: 3), backToBackAt: BitRate(baud: 1_000_000))
        recorder.received([0].span, answered)
        recorder.settle(by: timing.end(of: 5), isQuiet: isQuiet)
        #expect(
            recorder.sink.events == [
                TraceEvent(timing.end(of: 3), .data(.hostToChip, [1, 2, 3])),
                TraceEvent(answered.end(of: 1), .data(.chipToHost, [0])),
                TraceEvent(timing.end(of: 5), .data(.hostToChip, [4, 5])),
            ])
    }

    /// The chip says five while the host sends two: what it had said by the end of the host's stands before them.
    @Test func whatIsReceivedMeanwhileStandsOnBothSidesOfARun() {
        var recorder = LineRecorder(into: TraceEvents())
        let rate = BitRate(baud: 115_200)
        let received = RunTiming(start: .zero, backToBackAt: rate)
        let sent = RunTiming(start: received.end(of: 1).advanced(by: .microseconds(10)), backToBackAt: rate)
        recorder.sent([8, 9].span, sent, .hostToChip)
        recorder.received([1, 2, 3, 4, 5].span, received)
        recorder.finish()
        #expect(
            recorder.sink.events == [
                TraceEvent(sent.end(of: 1), .data(.hostToChip, [8])),
                TraceEvent(received.end(of: 3), .data(.chipToHost, [1, 2, 3])),
                TraceEvent(sent.dropping(1).end(of: 1), .data(.hostToChip, [9])),
                TraceEvent(received.end(of: 5), .data(.chipToHost, [4, 5])),
            ])
    }

    /// A host that changes its rate on what it has received does so after it, and not before, though it is one moment.
    @Test func whatWasKnownFirstComesFirst() {
        var recorder = LineRecorder(into: TraceEvents())
        let timing = RunTiming(start: Instant(nanoseconds: 5), unpacedAt: BitRate(baud: 115_200))
        let later = TraceEvent(timing.start, .baud(.host, bitsPerSecond: 9600))
        let earlier = TraceEvent(timing.start, .note("before"))
        recorder.note(earlier)
        recorder.received([1].span, timing)
        recorder.note(later)
        recorder.finish()
        #expect(recorder.sink.events == [earlier, TraceEvent(timing.start, .data(.chipToHost, [1])), later])
    }
}
