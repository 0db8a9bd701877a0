import Line
import Testing
import Trace

/// Calls of several threads, in the order in which they took effect.
@Suite struct CallOrderTests {
    private func at(_ time: Int64) -> Instant { Instant(nanoseconds: time) }

    private func sent(_ byte: UInt8, _ time: Int64) -> TraceEvent { TraceEvent(at(time), .data(.hostToChip, [byte])) }
    private func received(_ byte: UInt8, _ time: Int64) -> TraceEvent {
        TraceEvent(at(time), .data(.chipToHost, [byte]))
    }

    private func all(_ order: inout CallOrder) -> [TraceEvent] {
        var events: [TraceEvent] = []
        order.settle(by: at(.max)) { events.append($0) }
        return events
    }

    @Test func whatComesLateTakesItsPlace() {
        var order = CallOrder()
        order.add(TraceEvent(at(30), .portClosed), began: at(30))
        order.add(sent(1, 10), began: at(5))
        order.add(TraceEvent(at(10), .breakSent), began: at(10))
        #expect(all(&order) == [sent(1, 10), TraceEvent(at(10), .breakSent), TraceEvent(at(30), .portClosed)])
        #expect(order.isEmpty)
    }

    @Test func onlyWhatIsDueLeaves() {
        var order = CallOrder()
        order.add(sent(1, 10), began: at(5))
        order.add(received(2, 20), began: at(20))
        var events: [TraceEvent] = []
        order.settle(by: at(10)) { events.append($0) }
        #expect(events == [sent(1, 10)])
        #expect(!order.isEmpty)
    }

    /// The writing thread was kept from returning until 20; the answer was read at 15.
    @Test(arguments: [true, false]) func anAnswerStandsBehindWhatItAnswers(answerIsReportedFirst: Bool) {
        var order = CallOrder()
        if answerIsReportedFirst { order.add(received(2, 15), began: at(15)) }
        // Two messages of one write.
        order.add(sent(1, 20), began: at(10))
        order.add(sent(3, 20), began: at(10))
        if !answerIsReportedFirst { order.add(received(2, 15), began: at(15)) }
        #expect(all(&order) == [sent(1, 15), sent(3, 15), received(2, 15)])
    }

    @Test func whatWasThereBeforeAWriteStaysBeforeIt() {
        var order = CallOrder()
        order.add(received(2, 9), began: at(9))
        order.add(sent(1, 20), began: at(10))
        order.add(received(4, 21), began: at(21))
        #expect(all(&order) == [received(2, 9), sent(1, 20), received(4, 21)])
    }
}
