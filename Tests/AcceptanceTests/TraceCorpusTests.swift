import Foundation
import ScenarioFiles
import TestForms
import Testing

extension OfflineCommands {
    /// The traces of scenarios in `traces/` are what the commands in its index make.
    @Suite struct TraceCorpusTests {
        private static let folder = "\(Program.root)/traces"

        /// Names and commands of the index's table.
        private static let rows: [(name: String, command: String)] = {
            let index = (try? String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)) ?? ""
            return index.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
                guard cells.count == 3, cells[2].hasPrefix("solderless simulate ") else { return nil }
                return (cells[0], String(cells[2].dropFirst("solderless ".count)))
            }
        }()

        @Test func theyAreMadeAgainByteForByte() async throws {
            let made = try Folder()
            #expect(!Self.rows.isEmpty)
            for (name, command) in Self.rows {
                let here = command.replacing("--trace traces", with: "--trace \(made.path)")
                let result = try await Program.shell("$0 \(here)")
                #expect([0, 1].contains(result.code), "\(command): \(result.error)")
                #expect(
                    try made.read("\(name).pcap") == Folder.contents(of: "\(Self.folder)/\(name).pcap"),
                    "\(name): `make traces` makes it again")
            }
        }

        @Test func everyScenarioHasOne() throws {
            for name in Catalogue.scenarioNames {
                #expect(Self.rows.contains { $0.command.hasPrefix("simulate \(name) ") }, "\(name) has no trace")
            }
        }

        @Test func everyTraceIsInTheIndexAndSmall() throws {
            let index = try String(contentsOfFile: "\(Self.folder)/README.md", encoding: .utf8)
            var byteCount = 0
            for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder) where file != "README.md" {
                #expect(index.contains("| `\(file.replacing(".pcap", with: ""))` |"), "\(file) is not in the index")
                byteCount += try Folder.contents(of: "\(Self.folder)/\(file)").count
            }
            #expect(byteCount < 8_000_000)
        }
    }
}
