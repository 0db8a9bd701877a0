import Line
import Wire
import Words

/// What was found, for a person: a line for each finding, below it what to do, and at the end what could not be judged.
package struct LintText: Sendable {
    private let isColoured: Bool
    private var remedied: Set<String> = []
    private var counts = [Int](repeating: 0, count: FindingLevel.allCases.count)
    private var traceCount = 0
    private var reasons: [Reason] = []

    /// Why rules could not judge some traces.
    private struct Reason: Sendable {
        var why: String
        var ids: [String] = []
        var names: [String] = []
    }

    private static let mostNames = 3

    private static let textWidth = 108

    /// - Parameter isColoured: whether lines carry ANSI colours.
    package init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    /// The lines of one trace. - Parameter name: as a terminal may be given it.
    package mutating func lines(_ report: LintReport, name: String) -> [String] {
        traceCount += 1
        for level in FindingLevel.allCases { counts[level.rawValue] += report.count(of: level) }
        var lines: [String] = []
        for (rule, finding) in report.findings {
            let time = finding.time.subtractingReportingOverflow(report.firstTime).partialValue
            let head =
                "\(name): \(Format.seconds(time)) s: " + paint("\(finding.level.name)", finding.level) + ": \(rule.id)"
            lines.append(head)
            lines += wrapped(finding.text + Self.place(finding))
            if remedied.insert(rule.id).inserted { lines += wrapped("→ " + rule.remedy) }
        }
        for found in report.found where found.count > found.kept.count {
            lines.append("\(name): \(found.rule.id): \(found.count - found.kept.count) more")
        }
        note(report.unjudged, of: name)
        return lines
    }

    private mutating func note(_ unjudged: [LintReport.Unjudged], of name: String) {
        for item in unjudged {
            let index = reasons.firstIndex { $0.why == item.why } ?? reasons.count
            if index == reasons.count { reasons.append(Reason(why: item.why)) }
            if !reasons[index].ids.contains(item.rule.id) { reasons[index].ids.append(item.rule.id) }
            if reasons[index].names.last != name { reasons[index].names.append(name) }
        }
    }

    /// What could not be judged, a line for each reason.
    package var unjudged: [String] {
        reasons.flatMap { reason in
            let few = reason.names.prefix(Self.mostNames).joined(separator: ", ")
            let more = reason.names.count > Self.mostNames ? " and \(reason.names.count - Self.mostNames) more" : ""
            return wrapped(
                "not judged: \(reason.ids.joined(separator: ", ")): \(reason.why) (\(few)\(more))", indent: 0)
        }
    }

    /// The last line: how much was found.
    package var summary: String {
        let found = FindingLevel.allCases.reversed().filter { counts[$0.rawValue] > 0 }
            .map { plural(counts[$0.rawValue], $0 == .info ? "remark" : $0.name) }
        let traces = plural(traceCount, "trace")
        return found.isEmpty ? "\(traces): nothing found" : "\(traces): \(found.joined(separator: ", "))"
    }

    /// The list of the rules, one a line, with what each is about.
    package static func list(_ rules: [RuleSummary]) -> [String] {
        var columns = TextColumns(indent: 0)
        for rule in rules { columns.add(rule.id, rule.level.name, rule.title) }
        return columns.lines
    }

    /// Where it is in the bytes of its direction.
    private static func place(_ finding: LintFinding) -> String {
        guard let direction = finding.direction, let offset = finding.offset else { return "" }
        return " (\(direction.name), byte \(offset))"
    }

    private func wrapped(_ text: String, indent: Int = 4) -> [String] {
        Format.wrapped(text, width: Self.textWidth).enumerated().map { index, line in
            String(repeating: " ", count: index == 0 ? indent : 4) + line
        }
    }

    private func paint(_ text: String, _ level: FindingLevel) -> String {
        guard isColoured else { return text }
        let colour = level == .error ? 31 : level == .warning ? 33 : 36
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }
}
