import Emulator
import FoundationEssentials
import Line
import Scenarios
import Simulation
import Testing
import Wire

/// What the page says is what the program takes.
@Suite("docs/scenarios.md")
struct ScenarioDocumentTests {
    private static let page: String = {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
            separator: "/")
        let bytes = try? Data(contentsOf: URL(filePath: "\(folder)/docs/scenarios.md"))
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }()

    /// Rows of tables that begin with a word in code marks, by that word.
    private static let rows: [String: [Substring]] = {
        var rows: [String: [Substring]] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmed }
            rows[cells[0].filter { $0 != "`" }] = cells.dropFirst().map { $0[...] }
        }
        return rows
    }()

    @Test func everyExampleIsAScenario() throws {
        let blocks = Self.page.split(separator: "```").filter { $0.hasPrefix("yaml\n") }
        #expect(blocks.count >= 4)
        for block in blocks {
            _ = try ScenarioFile.scenario(parsing: Array(block.dropFirst(5).utf8), file: "docs/scenarios.md")
        }
    }

    @Test func everyFaultIsThereWithWhatItTakes() {
        for summary in FaultRegistry.summaries {
            var keys = summary.parameters.map(\.name)
            if summary.takesDirection { keys.append("direction") }
            if summary.takesAim { keys.append("at") }
            let told =
                Self.rows[summary.name]?.last?.split(separator: ",").map { $0.trimmed.filter { $0 != "`" } } ?? []
            #expect(told.filter { !$0.isEmpty }.sorted() == keys.sorted(), "\(summary.name)")
        }
    }

    @Test func everyBuiltInScenarioIsThereWithItsEnd() throws {
        for name in Catalogue.scenarioNames {
            let expectation = try Catalogue.scenario(name).expectation
            let row = try #require(Self.rows[name], "\(name)")
            #expect(row.contains { $0 == expectation.ending.rawValue }, "\(name)")
            #expect(row.last == expectation.cause.map { "`\($0.rawValue)`" } ?? "", "\(name)")
        }
    }

    @Test func everyKeyAndStepIsThere() {
        for word in ScenarioFile.keys + ScenarioFile.stepNames {
            #expect(Self.page.contains("`\(word)`"), "\(word)")
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
