import ArgumentParser
import Capture
import Lint
import Words

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find the mistakes of a flasher in the traces of its sessions.",
        discussion: """
            Each finding has its trace, its time in seconds since the trace's first event, its level, the rule that it \
            breaks and, below, what happened and what to do. docs/rules.md explains each rule. A rule that cannot judge a \
            trace says why.

            Exit code 0 if nothing is an error, 1 if something is.
            """)

    @Argument(help: "Traces, gzipped or not; - for standard input.") var traces: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A rule to leave out; may be repeated.", valueName: "rule"))
    var ignore: [String] = []
    @Flag(help: "Warnings fail as well.") var strict = false
    @Flag(help: "List the rules.") var rules = false
    @OptionGroup var report: ReportFormat

    mutating func validate() throws {
        guard rules == traces.isEmpty else {
            throw ValidationError(rules ? "--rules lists the rules: leave out the traces" : "name a trace, or --rules")
        }
        if rules, strict { throw ValidationError("--rules judges no trace: leave out --strict") }
        let known = LintRules.summaries.map(\.id)
        if let unknown = ignore.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "there is no rule \(quotedExcerpt(unknown))\(Nearest.advice(for: unknown, among: known))")
        }
        if traces.filter({ $0 == "-" }).count > 1 { throw ValidationError("standard input can be read once") }
    }

    func run() throws {
        if rules {
            let rules = LintRules.summaries.filter { !ignore.contains($0.id) }
            return report.print(
                .report([.init("rules", .array(rules.map(\.json)))]),
                text: LintText.list(rules).joined(separator: "\n"))
        }
        var text = LintText(isColoured: Console.isColourful)
        var json: [JSONValue] = []
        var worst: FindingLevel?
        var problem: (any Error)?
        var isAnyJudged = false
        for trace in traces {
            let (found, failure) = judge(trace)
            if let failure, problem != nil { Console.complain("\(failure)") }
            problem = problem ?? failure
            // Of a damaged trace, what comes before the damage was judged.
            guard let found else { continue }
            isAnyJudged = true
            worst = FindingLevel.allCases.filter { found.count(of: $0) > 0 }.max().map { max($0, worst ?? $0) } ?? worst
            if report.json {
                json.append(found.json(trace: trace))
            } else {
                text.lines(found, name: printable(trace)).forEach(Console.print)
            }
        }
        if report.json {
            Console.print(JSONValue.report([.init("traces", .array(json))]).description)
        } else if isAnyJudged {
            text.unjudged.forEach(Console.error)
            Console.error(text.summary)
        }
        if let problem { throw problem }
        if let worst, worst >= (strict ? .warning : .error) { throw ExitCode.failed }
    }

    /// - Returns: what was found, and why the trace could not be read to its end; no report of one that cannot be opened.
    private func judge(_ trace: String) -> (LintReport?, (any Error)?) {
        var linter = Linter(ignoring: Set(ignore))
        var hasEvents = false
        do {
            let summary = try TraceReader(opening: trace == "-" ? "/dev/stdin" : trace).follow {
                hasEvents = true
                linter.data($0, $1, at: $2)
            } other: {
                hasEvents = true
                linter.other($0)
            }
            if let offset = summary.endsTruncated {
                Console.error("\(trace) ends in the middle of a record, at byte \(offset): its writer was interrupted")
            }
            return (linter.finish(), nil)
        } catch {
            return (hasEvents ? linter.finish() : nil, error)
        }
    }
}
