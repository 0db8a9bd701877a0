import Check
import Line
import Scenarios
import Wire
import Words

/// A check as CI servers read tests: `docs/junit.xsd` is what they share, which allows a test case no output of its own, so
/// that what a program printed stands in the text of its failure.
extension CheckReport {
    /// - Parameter timestamp: when it began, in UTC, `2026-11-27T02:00:00`; CI servers want one.
    package func junit(timestamp: String) -> String {
        let score = score
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites>"]
        lines.append(
            "  <testsuite name=\"\(attribute(flasher))\" package=\"solderless.check\" id=\"0\" "
                + "timestamp=\"\(attribute(timestamp))\" hostname=\"localhost\" tests=\"\(entries.count)\" "
                + "failures=\"\(score.failures)\" errors=\"0\" skipped=\"\(score.inconclusive + score.untested)\" "
                + "time=\"\(seconds(wallTime))\">")
        lines += [
            "    <properties>", property("suite", suite ?? "none"), property("seeds", seeds),
            property("version", programVersion), property("score", "\(score.points) of \(score.of)"),
        ]
        lines += remarks.enumerated().map { property("remark \($0 + 1)", $1) }
        lines += [
            "    </properties>"
        ]
        for entry in entries { lines += testCase(entry) }
        lines.append("    <system-out>\(element(score.lines.joined(separator: "\n")))</system-out>")
        lines += ["    <system-err></system-err>", "  </testsuite>", "</testsuites>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func property(_ name: String, _ value: String) -> String {
        "      <property name=\"\(attribute(name))\" value=\"\(attribute(value))\"/>"
    }

    private func testCase(_ entry: Entry) -> [String] {
        let result = entry.result
        let head =
            "    <testcase name=\"\(attribute(result.run.label))\" "
            + "classname=\"\(attribute("check.\(result.run.scenario.name)"))\" time=\"\(seconds(result.duration))\""
        switch result.outcome {
        case .passed, .missed: return [head + "/>"]
        case .inconclusive:
            let late = "the bench was late, by up to \(Format.duration(result.lateness.wholeNanoseconds))"
            let reason = result.verdicts.first.map { "\(late): \($0.reason)" } ?? late
            return [head + ">", "      <skipped message=\"\(attribute(reason))\"/>", "    </testcase>"]
        case .untested:
            return [
                head + ">", "      <skipped message=\"the fault never came to do anything\"/>", "    </testcase>",
            ]
        case .failed:
            let worst = result.verdicts.first
            return [
                head + ">",
                "      <failure message=\"\(attribute(worst?.reason ?? ""))\" type=\"\(attribute(result.word))\">"
                    + element(text(of: entry)) + "</failure>", "    </testcase>",
            ]
        }
    }

    private func text(of entry: Entry) -> String {
        let result = entry.result
        var lines = entry.facts
        lines += ["seed \(result.run.seed)", "again: \(result.repeating)"]
        if let trace = result.trace { lines.append("trace: \(trace)") }
        return lines.joined(separator: "\n") + "\n\n" + result.output
    }

    /// With three decimals.
    private func seconds(_ duration: Duration) -> String {
        String(Format.seconds(duration.wholeNanoseconds).dropLast(3))
    }

    private func attribute(_ text: String) -> String { markup(text) }

    private func element(_ text: String) -> String { markupOfLines(text) }
}
