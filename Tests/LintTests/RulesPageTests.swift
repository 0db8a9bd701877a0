import Foundation
import Lint
import Testing

/// docs/rules.md has each rule, in the order of the list, with its level, and no other.
@Suite struct RulesPageTests {
    private static let page = try? String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/rules.md"),
        encoding: .utf8)

    @Test func thePageAndTheRulesAgree() throws {
        let sections = try #require(Self.page).components(separatedBy: "\n## ").dropFirst()
        #expect(sections.map { String($0.prefix { $0 != "\n" }) } == LintRules.summaries.map(\.id))
        for (section, rule) in zip(sections, LintRules.summaries) {
            let lines = section.split(separator: "\n")
            let first = lines.count > 1 ? String(lines[1]) : ""
            #expect(first.hasPrefix("**\(rule.level.name)**"), "\(rule.id): \(first)")
            #expect(first.contains("§") || section.contains("pty.md"), "\(rule.id): the fact's section")
            #expect(section.contains("On a bench:") && section.contains("Fix:"), "\(rule.id)")
        }
    }

    @Test func idsAreWordsWithHyphens() {
        let ids = LintRules.summaries.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
        for rule in LintRules.summaries {
            #expect(!rule.title.hasSuffix(".") && rule.remedy.hasSuffix("."), "\(rule.id)")
        }
    }
}
