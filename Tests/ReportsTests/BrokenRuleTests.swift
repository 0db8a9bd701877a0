import Check
import Line
import Reports
import Scenarios
import Testing
import Words

/// What a report says of rules that sessions have broken.
@Suite struct BrokenRuleTests {
    /// §13.10: a SYN frame where a loader may listen is a warning; one that a loader answers is an error.
    private func session(isTaken: Bool) -> CheckedSession {
        let frame: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]
        let answer: [UInt8] = [0x01]
        var session = CheckedSession()
        session.data(frame.span, .hostToChip, at: Instant(nanoseconds: 1_000_000))
        if isTaken { session.data(answer.span, .chipToHost, at: Instant(nanoseconds: 2_000_000)) }
        session.finish()
        return session
    }

    private func entry(_ name: String, isTaken: Bool, lateness: Duration = .zero) -> CheckReport.Entry {
        var result = CheckResult(
            CheckCase(Scenario(name: name), named: name, task: .info, seed: 1), command: [], claim: .success,
            ending: "exit code 0", duration: .seconds(1), verdicts: [])
        result.lateness = lateness
        return CheckReport.Entry(result, session(isTaken: isTaken))
    }

    private func text(_ entries: [CheckReport.Entry]) -> [String] {
        CheckReport(
            flasher: "f", suite: nil, programVersion: "", seeds: "1", jobs: 1, wallTime: .seconds(1), entries: entries
        ).text.split(separator: "\n").map(String.init)
    }

    /// Once for all runs, with the run in which it was worst.
    @Test func theWorstStandsForAll() throws {
        let lines = text([
            entry("first", isTaken: false), entry("second", isTaken: true), entry("third", isTaken: true),
        ])
        let rows = lines.filter { $0.hasPrefix("syn-frame-at-loader") }
        #expect(rows.count == 1)
        let words = try #require(rows.first).split(separator: " ")
        #expect(words[1...2] == ["error", "3"] && words[3...4] == ["second", "info,"], "\(rows)")
    }

    /// What a late machine made of a session says nothing of the host.
    @Test func aLateRunIsLeftOut() {
        let lines = text([entry("late", isTaken: true, lateness: .milliseconds(6))])
        #expect(!lines.contains { $0.contains("syn-frame-at-loader") })
    }

    /// The same in a report for programs: each finding, with the record of the trace.
    @Test func forPrograms() throws {
        let report = CheckReport(
            flasher: "f", suite: nil, programVersion: "", seeds: "1", jobs: 1, wallTime: .seconds(1),
            entries: [entry("first", isTaken: true)])
        let finding = try #require(report.json["runs"]?.array?.first?["findings"]?.array?.first)
        #expect(finding["rule"]?.string == "syn-frame-at-loader" && finding["level"]?.string == "error")
        #expect(finding["event"]?.integer == 2, "the answer is the second record")
    }
}
