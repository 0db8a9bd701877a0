import Flasher
import Foundation
import ScenarioFiles
import Scenarios
import TestForms
import Testing

extension ReplayCommands {
    /// Traces of our own dialects in `traces/`, over a pseudo-terminal, to the dialect that made each: it has the same session
    /// again, by frames and by effect, well or badly as it ended then. A few in the short form, all in the long one.
    @Suite(.serialized) struct ReplayedDialectTests {
        /// The command of a row of the index: `simulate SCENARIO --task … --dialect … --seeds …`.
        struct Row: CustomTestStringConvertible, Sendable {
            var name: String
            var words: [String]
            var testDescription: String { name }

            func value(_ option: String) -> String? { words.firstIndex(of: option).map { words[$0 + 1] } }

            /// `flash` with its job.
            func flash(_ folder: Folder) throws -> [String] {
                let scenario = try Catalogue.scenario(words[0])
                let seed = UInt64(value("--seeds") ?? "") ?? 1
                let range = ["--address", "0x8000"]
                var job: [String]
                switch value("--task") ?? scenario.host.task.commandName {
                case "write":
                    try folder.write(try Setup(scenario, seed: seed).newFirmware(), to: "image.bin")
                    job = ["write", folder["image.bin"]] + range + ["--no-backup", "--yes"]
                case "erase": job = ["erase", "--no-backup", "--length", "0x6000"] + range
                default: job = ["read", folder["read.bin"], "--overwrite"]
                }
                if let dialect = value("--dialect") { job += ["--dialect", dialect] }
                if let baud = scenario.host.workingBaud { job += ["--baud", "\(baud)"] }
                if let window = scenario.host.syncWindow { job += ["--sync-for", "\(window / .seconds(1))"] }
                let flash = [Program.path, "flash"] + job + ["--port", "{port}"]
                guard scenario.host.delay > .zero else { return flash }
                return ["sh", "-c", "sleep \(scenario.host.delay / .seconds(1)); exec \"$@\"", "flash"] + flash
            }
        }

        static let rows: [Row] = {
            let index = (try? String(contentsOfFile: "\(Program.root)/traces/README.md", encoding: .utf8)) ?? ""
            let rows = index.split(separator: "\n").compactMap { line -> Row? in
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
                guard cells.count == 3, cells[2].hasPrefix("solderless simulate ") else { return nil }
                return Row(name: cells[0], words: cells[2].split(separator: " ").dropFirst(2).map(String.init))
            }
            return rows.filter {
                byForm(short: ["good-bench-rdtool-1", "swapped-tx-rx-community-1"], long: [$0.name]).contains($0.name)
            }
        }()

        @Test(arguments: rows, ["frames", "effect"]) func hasTheSameSessionAgain(row: Row, match: String) async throws {
            let folder = try Folder()
            let again = try await Program.run(
                ["replay", "\(Program.root)/traces/\(row.name).pcap", "--match", match, "--no-trace", "--"]
                    // A host that asks again has 30 s of patience each time.
                    + row.flash(folder), within: 300)
            // It goes by moments that a pseudo-terminal does not keep; that is said, and the flash is right all the same.
            if again.error.contains("bytes that say nothing") {
                #expect(again.code == 0 || match == "frames" && again.code == 1, "\(again.output)\(again.error)")
                return
            }
            #expect(again.code == 0, "\(again.output)\(again.error)")
            #expect(again.output.contains("replayed to the end"), "\(again.output)\(again.error)")
        }
    }
}
