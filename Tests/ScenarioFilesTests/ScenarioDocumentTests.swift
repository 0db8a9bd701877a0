import Faults
import Flasher
import FoundationEssentials
import Line
import Scenarios
import Testing

@testable import ScenarioFiles

/// What the page says is what the program takes.
@Suite("docs/scenarios.md")
struct ScenarioDocumentTests {
    private static let page: String = {
        let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let bytes = try? Data(contentsOf: URL(filePath: folders.joined(separator: "/") + "/docs/scenarios.md"))
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }()

    /// Rows of the tables below a heading that begin with a word in code marks: the other cells, by that word.
    private static func rows(below heading: String) -> [String: [String]] {
        let lines = page.split(separator: "\n").drop { $0 != heading }.dropFirst().prefix { !$0.hasPrefix("#") }
        var rows: [String: [String]] = [:]
        for line in lines where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { cell in
                cell.split(separator: " ").joined(separator: " ").filter { $0 != "`" }
            }
            rows[cells[0]] = Array(cells.dropFirst())
        }
        return rows
    }

    @Test func everyExampleIsAScenario() throws {
        let blocks = Self.page.split(separator: "```").filter { $0.hasPrefix("yaml\n") }
        #expect(blocks.count >= 4)
        for block in blocks {
            _ = try ScenarioFile.scenario(parsing: Array(block.dropFirst(5).utf8), file: "docs/scenarios.md")
        }
    }

    @Test func everyFaultIsThereWithWhatItTakes() {
        let rows = Self.rows(below: "### `faults`")
        #expect(rows.count == FaultRegistry.summaries.count)
        for summary in FaultRegistry.summaries {
            var keys = summary.parameters.map(\.name)
            if summary.takesDirection { keys.append("direction") }
            if summary.takesAim { keys.append("at") }
            let told = rows[summary.name]?.last?.split(separator: ", ").map(String.init)
            #expect(told?.sorted() == keys.sorted(), "\(summary.name)")
        }
    }

    @Test func everyBuiltInScenarioIsThereWithItsEnd() throws {
        let rows = Self.rows(below: "## The built-in ones")
        #expect(rows.count == Catalogue.scenarioNames.count)
        for name in Catalogue.scenarioNames {
            let expectation = try Catalogue.scenario(name).expectation
            #expect(
                rows[name]?.suffix(2) == [expectation.ending.rawValue, expectation.cause?.rawValue ?? ""], "\(name)")
        }
    }

    @Test func everyKeyAndStepIsThere() {
        for word in ScenarioFile.keys + ScenarioFile.stepNames {
            #expect(Self.page.contains("`\(word)`"), "\(word)")
        }
    }
}
