import Emulator
import Foundation
import ScenarioFiles
import Scenarios
import TestForms
import Testing

extension ScenarioCommands {
    /// `scenarios`, and what `emulate`, `run` and `simulate` make of `--scenario` and `--fault`.
    @Suite struct ScenariosCommandTests {
        private static func json(_ arguments: [String]) async throws -> [String: Any] {
            let result = try await Program.run(arguments)
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(object?["schema"] as? Int == 1)
            return object ?? [:]
        }

        private static let wrong = """
            solderless: 1
            name: wrong
            power: {apply: first-hots-byte + 0.5 s}
            """

        // MARK: list, show, faults

        /// The issue's own list.
        @Test func theListHasThemAll() async throws {
            let list = try await Self.json(["scenarios", "--json"])["scenarios"] as? [[String: Any]] ?? []
            let names = list.compactMap { $0["name"] as? String }
            let asked = [
                "good-bench", "late-power", "power-too-early", "missing-ground", "ground-joined-later", "adapter-1v8",
                "baud-460800", "wrong-baud-691200-ch340", "wrong-baud-3000000", "alternate-pads", "loose-rx",
                "swapped-tx-rx", "boot-chatter", "brown-out-in-erase", "lost-ack", "corrupt-block", "fifo-overrun",
                "dead-after-stub", "worn-sector", "wrong-flash-id", "unplugged", "slow-adapter",
            ]
            #expect(asked.filter { !names.contains($0) } == [])
            // On the good bench there is nothing to cure.
            let ill = list.filter { $0["name"] as? String != "good-bench" }
            #expect(ill.allSatisfy { ($0["about"] as? String)?.contains("Cure: ") == true })
        }

        @Test(arguments: [["scenarios"], ["scenarios", "faults"], ["scenarios", "show", "missing-ground"]])
        func aPersonReadsThemInEightyColumns(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 0)
            #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(result.output)")
        }

        @Test func theListSaysWhatToExpect() async throws {
            let lines = try await Program.run(["scenarios", "list"]).output.split(separator: "\n")
            for (name, outcome) in [("late-power", "success"), ("missing-ground", "failure"), ("loose-rx", "either")] {
                let words = lines.first { $0.hasPrefix("\(name) ") }?.split(separator: " ") ?? []
                #expect(words.dropFirst().first.map(String.init) == outcome)
            }
        }

        /// A file that is shown can be changed and taken again.
        @Test func whatIsShownIsAFile() async throws {
            let folder = try Folder()
            let shown = try await Program.run(["scenarios", "show", "brown-out-in-erase", "--file"])
            let original = try String(
                contentsOfFile: "\(Program.root)/emulator/scenarios/brown-out-in-erase.yaml", encoding: .utf8)
            #expect(shown.output == original)
            try folder.write(Array(shown.output.utf8), to: "mine.yaml")
            let mine = try await Self.json(["scenarios", "show", folder["mine.yaml"], "--json"])
            let theirs = try await Self.json(["scenarios", "show", "brown-out-in-erase", "--json"])
            #expect(mine["scenario"] as? NSDictionary == theirs["scenario"] as? NSDictionary)
        }

        @Test func faultsHaveUnitsAndRanges() async throws {
            let object = try await Self.json(["scenarios", "faults", "--json"])
            let faults = object["faults"] as? [[String: Any]] ?? []
            let wire = faults.first { $0["name"] as? String == "loose-wire" }
            #expect(wire?["takesDirection"] as? Bool == true)
            let onset = (wire?["parameters"] as? [[String: Any]])?.first { $0["name"] as? String == "onset" }
            #expect(onset?["unit"] as? String == "ppm")
            #expect(onset?["least"] as? Int == 0)
            #expect(onset?["most"] as? Int == 1_000_000)
            #expect(faults.first { $0["name"] as? String == "drop" }?["takesAim"] as? Bool == true)
            #expect((object["steps"] as? [String])?.contains("block-ack") == true)
        }

        @Test func theSchemaIsTheFile() async throws {
            let shown = try await Program.run(["scenarios", "schema"])
            let original = try String(
                contentsOfFile: "\(Program.root)/emulator/scenarios/scenario.schema.json", encoding: .utf8)
            #expect(shown.output == original)
        }

        // MARK: check

        @Test func checkingLooksAtEveryFile() async throws {
            let folder = try Folder()
            try folder.write(Array(Self.wrong.utf8), to: "wrong.yaml")
            let bad = try await Program.run(["scenarios", "check", folder["wrong.yaml"], "late-power"])
            #expect(bad.code == 1)
            #expect(
                bad.error.contains(
                    "wrong.yaml:3: power.apply: \"first-hots-byte\" is no moment; did you mean \"first-host-byte\"?"),
                "\(bad.error)")
            #expect(bad.output == "late-power: late-power, expects success\n")

            let missing = try await Program.run(["scenarios", "check", folder["none.yaml"], folder["wrong.yaml"]])
            #expect(missing.code == 3)
            #expect(missing.error.contains("none.yaml") && missing.error.contains("wrong.yaml:3"))
        }

        @Test func checkingIsJSONToo() async throws {
            let folder = try Folder()
            try folder.write(Array(Self.wrong.utf8), to: "wrong.yaml")
            let object = try await Self.json(["scenarios", "check", "--json", "late-power", folder["wrong.yaml"]])
            let files = object["files"] as? [[String: Any]] ?? []
            #expect(files.map { $0["isRight"] as? Bool } == [true, false])
            #expect(files.last?["line"] as? Int == 3)
            #expect(files.last?["key"] as? String == "power.apply")
        }

        // MARK: --scenario and --fault

        @Test(arguments: [
            ["scenarios", "show", "late-pwoer"], ["scenarios", "check", "late-pwoer"], ["simulate", "late-pwoer"],
            ["emulate", "--no-link", "--scenario", "late-pwoer"],
        ])
        func wrongNamesAre2(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 2)
            #expect(result.error.contains("did you mean \"late-power\"?"), "\(result.error)")
        }

        @Test(arguments: [
            ("opne-wire", "did you mean \"open-wire\"?"), ("drop", "say at which step"),
            ("drop: {at: {blok-ack: 3}}", "did you mean \"block-ack\"?"),
            ("drop: {at: {block-ack: 0}}", "0 is not between 1 and"),
            ("loose-wire: {onset: 200}", "has no unit; it is one of ppm, %"),
            ("unplugged: {after: 5 h}", "is no unit of time"),
            (
                "swapped-wires: {direction: host-to-chip}",
                "swapped-wires.direction: this key is not known here; no key is"
            ),
            ("stuck-wire: {level: 2}", "stuck-wire.level: 2 is not between 0 and 1"),
            ("change-characters: {xor: 0x100}", "change-characters.xor: \"0x100\" is not between 0x1 and 0xFF"),
        ])
        func wrongFaultsAre2(fault: String, advice: String) async throws {
            for command in [["emulate", "--no-link"], ["simulate", "good-bench"]] {
                let result = try await Program.run(command + ["--fault", fault])
                #expect(result.code == 2)
                #expect(result.error.contains(advice), "\(result.error)")
            }
        }

        /// Of what somebody wrote as much as helps, and nothing that a terminal obeys.
        @Test(arguments: [
            ["simulate", "good-bench", "--fault"], ["emulate", "--no-link", "--fault"], ["run", "--fault"],
            ["simulate"],
            ["scenarios", "show"], ["emulate", "--no-link", "--scenario"], ["run", "--scenario"],
        ])
        func whatIsWrongIsCutAndCleaned(command: [String]) async throws {
            let rest = command[0] == "run" ? ["--", "true"] : []
            let long = try await Program.run(command + [String(repeating: "x", count: 100_000)] + rest)
            #expect(long.code == (command[0] == "run" ? 125 : 2), "\(long.error.prefix(300))")
            #expect(long.error.contains(String(repeating: "x", count: 60) + "…"), "\(long.error.prefix(300))")
            #expect(long.error.utf8.count < 2000)
            let obeyed = try await Program.run(command + ["a\u{1B}[2J\u{202E}b"] + rest)
            #expect(obeyed.error.contains("a\\u{1B}[2J\\u{202E}b"), "\(obeyed.error)")
            #expect(!obeyed.error.contains("\u{1B}") && !obeyed.error.contains("\u{202E}"))
            // What is wrong is said in words, not as the value of a type.
            #expect(!obeyed.error.contains("Failure("), "\(obeyed.error)")
        }

        @Test func aPathIsCutAndCleanedToo() async throws {
            let long = try await Program.run(["simulate", "./" + String(repeating: "x", count: 100_000)])
            #expect(long.code == 3)
            #expect(long.error.utf8.count < 300)
            let obeyed = try await Program.run(["simulate", "./a\u{1B}[2Jb"])
            #expect(obeyed.code == 3)
            #expect(obeyed.error.contains("./a\\u{1B}[2Jb: "), "\(obeyed.error)")
        }

        /// ECR6600 facts §11.3: power half a second after Start. The scenario brings board and power with it.
        @Test func aFlasherMeetsLatePowerOnAPort() async throws {
            let result = try await Program.run([
                "run", "--verbose", "--scenario", "late-power", "--", Program.path, "flash", "info", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("ECR6600 on tnce-plug, scenario late-power"))
            #expect(result.error.contains("uboot 1.4.0 runs"))
        }

        @Test func anOptionWinsOverTheScenario() async throws {
            let result = try await Program.run([
                "run", "--verbose", "--scenario", "late-power", "--start", "rom", "--flash-id", "1640C8", "--",
                Program.path,
                "flash", "info", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("flash 1640C8 (4 MB), start rom"), "\(result.error)")
        }

        /// A fault on top turns a bench that works into one that cannot.
        @Test func aFaultComesOnTop() async throws {
            let arguments = ["simulate", "good-bench", "--seeds", "1", "--task", "info", "--json"]
            #expect(try await Program.run(arguments).code == 0)
            let broken = try await Program.run(arguments + ["--fault", "open-wire"])
            #expect(broken.output.contains("open-wire") || broken.output.contains("synchronise"), "\(broken.output)")
            #expect(broken.output.contains("failure"), "\(broken.output)")
        }

        /// Whoever asks for a fault should know when it was not tried.
        @Test func aFaultThatNeverDidAnythingIsTold() async throws {
            let result = try await Program.run([
                "run", "--fault", "worn-sector: {address: 0xA000}", "--fault", "delay: {at: command, by: 20 ms}", "--",
                Program.path, "flash", "info", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("fault worn-sector never fired"), "\(result.error)")
            #expect(!result.error.contains("fault delay"), "\(result.error)")
        }

        /// With what it is aimed at, its numbers where that tells it from others, and each once.
        @Test func aPortTellsWhichFaultNeverDidAnything() async throws {
            let faults = [
                "drop: {at: {block-ack: 3}}", "drop: {at: {block-ack: 3}}", "worn-sector: {address: 0xA000}",
                "worn-sector: {address: 0xB000}",
            ]
            let result = try await Program.run(
                ["run"] + faults.flatMap { ["--fault", $0] } + [
                    "--", Program.path, "flash", "info", "--port", "{port}",
                ])
            #expect(result.code == 0, "\(result.error)")
            for name in [
                "drop at block-ack 3 (2 times)", "worn-sector: {address: 0xA000}", "worn-sector: {address: 0xB000}",
            ] { #expect(result.error.contains("fault \(name) never fired\n"), "\(result.error)") }
        }

        /// The same scenario and seed are the same bench in every command (`SetupTests` holds a trial to it).
        @Test func aPortHasTheFlashOfATrial() async throws {
            let folder = try Folder()
            let emulated = try await Program.run([
                "run", "--scenario", "good-bench", "--seed", "7", "--time", "brisk", "--", Program.path, "flash",
                "read",
                folder["flash.bin"], "--port", "{port}",
            ])
            #expect(emulated.code == 0, "\(emulated.error)")
            let flash = try Setup(try Catalogue.scenario("good-bench"), seed: 7).sampleFlash().contents
            #expect(try folder.read("flash.bin") == flash)
        }

        /// What a scenario asks of the host is told to one that is not ours.
        @Test func theHostIsToldWhatTheScenarioIsAbout() async throws {
            let result = try await Program.run(["run", "--scenario", "wrong-baud-3000000", "--", "true"])
            #expect(
                result.error.contains(
                    "scenario wrong-baud-3000000 is about a host that goes to 3000000 baud once the stub runs"),
                "\(result.error)")
        }

        @Test func moreFaultsThanAListHasAreRefused() async throws {
            let many = Array(repeating: ["--fault", "open-wire"], count: 1001).flatMap(\.self)
            let result = try await Program.run(["simulate", "good-bench"] + many)
            #expect(result.code == 2)
            #expect(result.error.contains("--fault is given 1001 times; at most 1000 are allowed"), "\(result.error)")
        }
    }
}
