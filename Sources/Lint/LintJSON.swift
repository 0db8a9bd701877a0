import Line
package import Words

extension LintReport {
    /// The report on one trace.
    package func json(trace: String) -> JSONValue {
        .object([
            .init("trace", .string(trace)),
            .init(
                "counts",
                .object(
                    FindingLevel.allCases.reversed().map { .init($0.name, .integer(Int64(count(of: $0)))) })),
            .init("findings", findingsJSON),
            .init(
                "untold", .integer(Int64(found.reduce(0) { $0 + $1.count - $1.kept.count }))),
            .init(
                "unjudged",
                .array(
                    unjudged.map {
                        .object([.init("rule", .string($0.rule.id)), .init("why", .string($0.why))])
                    })),
        ])
    }

    /// What was found, in the order of time.
    package var findingsJSON: JSONValue { .array(findings.map { $0.finding.json($0.rule) }) }
}

extension LintFinding {
    fileprivate func json(_ rule: RuleSummary) -> JSONValue {
        .object([
            .init("rule", .string(rule.id)), .init("level", .string(level.name)),
            .init("event", .integer(Int64(event))),
            .init("time", .integer(time)), .init("direction", direction.map { .string($0.name) } ?? .null),
            .init("offset", offset.map { .integer(Int64($0)) } ?? .null), .init("text", .string(text)),
            .init("remedy", .string(rule.remedy)),
        ])
    }
}

extension RuleSummary {
    /// One rule of a list.
    package var json: JSONValue {
        .object([
            .init("rule", .string(id)), .init("level", .string(level.name)), .init("title", .string(title)),
            .init("remedy", .string(remedy)),
        ])
    }
}
