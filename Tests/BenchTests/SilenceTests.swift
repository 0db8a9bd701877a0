import Line
import Testing

@testable import Bench

/// When somebody who waits is told that nothing comes.
@Suite struct SilenceTests {
    private func at(_ seconds: Int) -> Instant { .zero.advanced(by: .seconds(seconds)) }

    @Test func isReportedEverMoreSeldom() {
        var silence = Silence()
        let reports = (0...100).compactMap { second in silence.toReport(at: at(second)).map { (second, $0) } }
        #expect(reports.map(\.0) == [5, 10, 20, 40, 80])
        #expect(reports.map(\.1) == [5, 10, 20, 40, 80].map(Duration.seconds))
    }

    @Test func endsWithAByte() {
        var silence = Silence()
        #expect(silence.toReport(at: at(5)) == .seconds(5))
        silence.ends(at: at(6))
        #expect(silence.next == at(11))
        #expect(silence.toReport(at: at(10)) == nil)
        #expect(silence.toReport(at: at(11)) == .seconds(5))
    }
}
