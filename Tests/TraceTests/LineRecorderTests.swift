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
}
