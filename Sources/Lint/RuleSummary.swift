/// What a rule is about, without a trace.
package struct RuleSummary: Hashable, Sendable {
    /// Words joined by hyphens: `--ignore` takes it, docs/rules.md has it as a heading.
    package let id: String
    /// The highest that its findings have.
    package let level: FindingLevel
    /// What is wrong where it fires, without a full stop.
    package let title: String
    /// What to do about it: a sentence or two.
    package let remedy: String

    init(_ id: String, _ level: FindingLevel, _ title: String, remedy: String) {
        self.id = id
        self.level = level
        self.title = title
        self.remedy = remedy
    }
}
