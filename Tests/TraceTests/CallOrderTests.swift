import Line
import Testing
import Trace

/// Calls of several threads, in the order in which they took effect.
@Suite struct CallOrderTests {
    private var order = CallOrder<String>()

    private func at(_ time: Int64) -> Instant { Instant(nanoseconds: time) }

    /// What has happened by a moment, each with its time.
    private mutating func settled(by time: Int64 = .max) -> [String] {
        var calls: [String] = []
        order.settle(by: at(time)) { calls.append("\($0) \($1.nanoseconds)") }
        return calls
    }

    @Test mutating func whatComesLateTakesItsPlace() {
        order.add("close", .other, at: at(30))
        order.add("write", .sent(began: at(5)), at: at(10))
        order.add("break", .other, at: at(10))
        #expect(settled() == ["write 10", "break 10", "close 30"])
        #expect(order.isEmpty)
    }

    @Test mutating func onlyWhatIsDueLeaves() {
        order.add("write", .sent(began: at(5)), at: at(10))
        order.add("read", .received, at: at(20))
        #expect(settled(by: 10) == ["write 10"])
        #expect(!order.isEmpty)
        #expect(settled(by: 20) == ["read 20"])
    }

    /// The writing thread was kept from returning until 20; the answer was read at 15.
    @Test(arguments: [true, false]) mutating func anAnswerStandsBehindWhatItAnswers(answerIsReportedFirst: Bool) {
        order.add("before", .other, at: at(12))
        if answerIsReportedFirst { order.add("answer", .received, at: at(15)) }
        // Two messages of one write.
        order.add("one", .sent(began: at(10)), at: at(20))
        order.add("two", .sent(began: at(10)), at: at(20))
        order.add("after", .other, at: at(18))
        if !answerIsReportedFirst { order.add("answer", .received, at: at(15)) }
        #expect(settled() == ["before 12", "one 15", "two 15", "answer 15", "after 18"])
    }

    @Test mutating func whatWasThereBeforeAWriteStaysBeforeIt() {
        order.add("early", .received, at: at(9))
        order.add("write", .sent(began: at(10)), at: at(20))
        order.add("late", .received, at: at(21))
        #expect(settled() == ["early 9", "write 20", "late 21"])
    }
}
