import Emulator
import Faults
import Line
import Scenarios
import TestForms
import Testing
import Wire

@testable import ScenarioFiles

/// What is written is read back as the same.
@Suite struct ScenarioTextTests {
    @Test(arguments: byForm(short: UInt64(1)...130, long: 1...400))
    func aScenarioSurvivesItsFile(seed: UInt64) throws {
        var random = RandomScenario(seed: seed)
        let scenario = try random.next()
        let text = ScenarioFile.text(of: scenario)
        do {
            let read = try ScenarioFileTests.read(text)
            #expect(read == scenario, "seed \(seed):\n\(text)")
            #expect(ScenarioFile.text(of: read) == text, "seed \(seed)")
        } catch {
            Issue.record("seed \(seed): \(error)\n\(text)")
        }
    }

    @Test(arguments: UInt64(1)...200)
    func aFaultSurvivesTheCommandLine(seed: UInt64) throws {
        var random = RandomScenario(seed: seed)
        for choice in try random.next().faults {
            let text = choice.text
            #expect(try FaultChoice(parsing: text) == choice, "seed \(seed): \(text)")
        }
    }

    @Test(arguments: Catalogue.scenarioNames)
    func whatShipsSurvivesItsFile(name: String) throws {
        let scenario = try Catalogue.scenario(name)
        #expect(try ScenarioFileTests.read(ScenarioFile.text(of: scenario)) == scenario)
    }

    /// Written by hand, key by key, as `docs/scenarios.md` has it.
    @Test func aFileLooksAsOneWritesIt() {
        var scenario = Scenario(name: "mine", about: "What it is.\n\nCure: none.")
        scenario.adapter = Adapter(.ft232r, level: 1800)
        scenario.ground = .floating(FloatingGround())
        scenario.power = .afterFirstCharacter(.milliseconds(500))
        scenario.host.workingBaud = 460_800
        scenario.faults = [
            FaultChoice("open-wire"),
            FaultChoice(
                "drop", direction: .chipToHost, aim: Aim(.blockAck, count: 3, direction: .chipToHost)),
            FaultChoice("loose-wire", values: ["onset": 200, "loss": 300]),
            FaultChoice("worn-sector", values: ["address": 0xA000]),
        ]
        #expect(
            ScenarioFile.text(of: scenario) == """
                solderless: 1
                kind: scenario
                name: mine
                about: |
                  What it is.

                  Cure: none.
                adapter: {type: ft232r, level: 1.8 V}
                wiring:
                  ground: floating
                power:
                  apply: first-host-byte + 500 ms
                host: {baud: 460800}
                faults:
                  - open-wire
                  - drop: {direction: chip-to-host, at: {block-ack: 3}}
                  - loose-wire: {onset: 200 ppm, loss: 30 %}
                  - worn-sector: {address: 0xA000}
                expect: {outcome: success, within: 1 min}

                """)
    }

    /// A name that is a word of YAML's, a text that only looks as if it had an anchor in it, an id that looks like a
    /// number.
    @Test func whatYAMLWouldMisreadIsQuoted() {
        #expect(ScenarioFile.text(of: Scenario(name: "off")).contains("name: \"off\"\n"))
        #expect(ScenarioFile.text(of: Scenario(name: "-")).contains("name: \"-\"\n"))
        let about = ScenarioFile.text(of: Scenario(name: "a", about: "\"one\" \\ &two\n\n*three"))
        #expect(about.contains(#"about: "\"one\" \\ \x26two\n\n\x2Athree""#), "\(about)")
        // Numbers elsewhere: 204,016 and 2040 × 10⁸.
        for id in [0x204016, 0x2040E8] {
            let text = FaultChoice("wrong-flash-id", values: ["id": id]).text
            #expect(text == "wrong-flash-id: {id: \"\(String(id, radix: 16, uppercase: true))\"}")
        }
    }
}
