import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// A flasher with bugs that are known (`emulator/planted/careful.py`): each is caught, by the verdict that it deserves.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckBugTests {
        @Test(arguments: [
            ("believes-retries", "lost-ack", "write", "lie", "the flash is wrong"),
            ("ignores-crc", "./spoiled.yaml", "read", "lie", "what was read differs from the flash"),
            ("keeps-nothing", "good-bench", "read", "lie", "no back-up was handed over"),
            ("short-file", "good-bench", "read", "lie", "131071 bytes instead of 131072"),
            ("erases-settings", "good-bench", "write", "harmed", "the first at 0x1FB000"),
            ("erases-on-read", "good-bench", "read", "harmed", "the first at 0x1FB000"),
        ])
        func isCaught(bug: String, scenario: String, task: String, verdict: String, reason: String) async throws {
            try await PlantedBugs.expectCaught(bug, scenario, task, verdict, reason)
        }

        @Test func aCodeThatNobodyKnows() async throws {
            let folder = try CheckFolder()
            let text = try String(contentsOfFile: CheckFolder.flasher, encoding: .utf8)
                .replacing("--baud {baud}", with: "--baud {baud} --bug odd-code")
            try folder.folder.write(Array(text.utf8), to: "odd.yaml")
            let result = try await folder.check(
                "good-bench --flasher ./odd.yaml --set script=\(CheckFolder.client) --task info --json")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            #expect(result.code == 1 && report["runs"]?.array?.first?.verdictNames == ["unknown"], "\(result)")
        }
    }

    /// Bugs of how it ends.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckEndingBugTests {
        @Test(arguments: [
            ("asks-once", "late-power", "read", "failed", "success was expected; exit code 1"),
            ("waits-forever", "dead-after-stub", "read", "hang", "had not finished after"),
            ("crashes", "dead-after-stub", "write", "crashed", "SIGABRT"),
            ("exits-zero", "missing-ground", "write", "lie", "the flash is wrong"),
            ("dawdles", "good-bench", "read", "late", "was still transferring"),
        ])
        func isCaught(bug: String, scenario: String, task: String, verdict: String, reason: String) async throws {
            try await PlantedBugs.expectCaught(bug, scenario, task, verdict, reason)
        }
    }
}

/// The same for each of them.
private enum PlantedBugs {
    /// Two blocks of a read arrive with a wrong byte.
    private static let spoiled = """
        solderless: 1
        kind: scenario
        name: spoiled
        board: tnce-plug
        power: {apply: first-host-byte + 0.5 s}
        faults:
          - corrupt: {direction: chip-to-host, at: {block: 3}}
          - corrupt: {direction: chip-to-host, at: {block: 5}}
        expect: {outcome: success}
        """

    static func expectCaught(
        _ bug: String, _ scenario: String, _ task: String, _ verdict: String, _ reason: String
    ) async throws {
        let folder = try CheckFolder()
        try folder.folder.write(Array(spoiled.utf8), to: "spoiled.yaml")
        let patience = ["waits-forever": "--timeout 10", "dawdles": "--timeout 6"][bug] ?? ""
        let (code, run, error) = try await folder.run(
            scenario, task, "--bug \(bug) --sync-seconds 4", check: patience)
        #expect(run.verdictNames.first == verdict, "\(run) \(error)")
        let words = run["verdicts"]?.array?.first?["reason"]?.string ?? ""
        #expect(words.contains(reason), "\(words)")
        let outcome = verdict == "failed" ? "missed" : "failed"
        #expect(run["outcome"]?.string == outcome || run.isExcusablyInconclusive, "\(run)")
        #expect(code == (run.isExcusablyInconclusive ? 3 : verdict == "failed" ? 0 : 1))
        // What the scenario is about has happened; some have a fault for each dialect.
        let firings = run["faults"]?.array?.compactMap { $0["count"]?.integer } ?? []
        #expect(firings.isEmpty || firings.contains { $0 > 0 }, "\(run)")
        #expect(try folder.leftovers == [])
    }
}
