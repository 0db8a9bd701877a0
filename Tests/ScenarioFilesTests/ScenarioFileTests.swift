import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Testing
import Wire

@testable import ScenarioFiles

/// Scenarios as files: what ships, what each section means, and what is said of what somebody wrote.
@Suite struct ScenarioFileTests {
    static let whole = """
        solderless: 1
        kind: scenario
        name: mine
        about: |
          What it is,
          in two lines.

          Cure: none.
        board: tnce-plug
        chip: {start: rom, crystal: 26 MHz, flash: GD25Q32E, fifo: 16, uboot: 1.3.11, stub: auto, application: none}
        adapter: {type: ch340, level: 5 V}
        wiring:
          ground: joined-after 2 s
          floating: {mains: 60 Hz, amplitude: 10 V, own-coupling: 40 %, coupling-time: 9 us}
          rail: {lift: 600 mV, sag: 2 ms}
        power:
          apply: first-host-byte + 0.5 s
          ramp: 20 ms
          bounce: {times: 1, every: 5 ms}
          cuts: [{at: erase 2 + 10 ms, for: 100 ms}]
          then: [{cut: block 3 host-to-chip}]
        host: {baud: 460800, task: write, begins-after: 1 s, sync-for: 10 s}
        faults:
          - open-wire
          - loose-wire: {direction: chip-to-host, onset: 20 ppm, loss: 50 %}
          - drop: {direction: host-to-chip, at: {block: 3}}
          - worn-sector: {address: 0xA000}
        expect: {outcome: failure, within: 2 min, cause: worn-flash}
        """

    static func read(_ text: String) throws(FileProblem) -> Scenario {
        try ScenarioFile.scenario(parsing: Array(text.utf8), file: "mine.yaml")
    }

    /// What is said of a file; "nothing" when it is taken.
    static func complaint(_ text: String) -> String {
        do {
            _ = try read(text)
            return "nothing"
        } catch {
            return error.description
        }
    }

    // MARK: What ships

    @Test(arguments: Catalogue.scenarioNames)
    func whatShipsCanBeRead(name: String) throws {
        let scenario = try Catalogue.scenario(name)
        #expect(scenario.name == name)
        #expect(scenario.board != nil)
        #expect(scenario.about.split(separator: "\n\n").count >= 2, "what it is, and what one sees")
        let warnings = scenario.about.split(separator: "\n\n").filter { $0.hasPrefix("A less careful host ") }
        #expect(warnings.count == 1, "what meets those who are not the reference flasher")
        let text = String(decoding: try Catalogue.scenarioFile(name), as: UTF8.self)
        #expect(text.contains("\nkind: scenario\n"))
        #expect(text.contains("\nexpect: {outcome: "))
        #expect(scenario.expectation.ending == .success || scenario.expectation.cause != nil)
        // Its faults can be made.
        _ = try scenario.conditions(seed: 1)
        _ = try FaultRegistry.flashFaults(scenario.faults)
    }

    /// ECR6600 facts §10, 91: "a repeated block is programmed again, one block further on"; only a hash finds it.
    @Test func aLostAckSaysThatTheBlockIsWrittenTwice() throws {
        let about = try Catalogue.scenario("lost-ack").about
        #expect(about.contains("the block is written twice"))
        #expect(about.contains("only the hash tells"))
    }

    @Test func anUnknownScenarioIsNotFarFromAKnownOne() {
        #expect { try Catalogue.scenario("late-pwer") } throws: { "\($0)".contains("did you mean \"late-power\"?") }
    }

    // MARK: What a file means

    @Test func aScenarioIsReadWhole() throws {
        let scenario = try Self.read(Self.whole)
        #expect(scenario.name == "mine")
        #expect(scenario.about == "What it is, in two lines.\n\nCure: none.")
        #expect(scenario.board == "tnce-plug")
        #expect(scenario.chip.start == .rom)
        #expect(scenario.chip.crystal == .mhz26)
        #expect(scenario.flashID == FlashID("1640C8"), "§5: GD25Q32E")
        #expect(scenario.chip.fifoDepth == 16)
        #expect(scenario.chip.uboot == .v1311)
        #expect(scenario.chip.stub == nil)
        #expect(scenario.chip.applicationLog == nil)
        #expect(scenario.adapter == Adapter(.ch340, level: 5000))
        #expect(scenario.host.workingBaud == 460_800)
        #expect(scenario.host.task == .write)
        #expect(scenario.host.delay == .seconds(1))
        #expect(scenario.host.syncWindow == .seconds(10))
        #expect(scenario.expectation.ending == .failure)
        #expect(scenario.expectation.limit == .seconds(120))
        #expect(scenario.expectation.cause == .wornFlash)
    }

    @Test func wiringIsReadWhole() throws {
        let scenario = try Self.read(Self.whole)
        var floating = FloatingGround()
        floating.mainsMillihertz = 60_000
        floating.openAmplitude = 10_000
        floating.ownCoupling = 400
        floating.couplingTime = 9000
        #expect(scenario.ground == .joinedAfter(.zero.advanced(by: .seconds(2)), floating))
        var rail = ClampRail()
        rail.lift = 600
        rail.sagTime = 2_000_000
        #expect(scenario.rail == rail)
        #expect(try Self.read("solderless: 1\nname: a\nwiring: {rail: none}").rail == nil)
    }

    /// Spaces before a time are taken as they are in moments of the power.
    @Test(arguments: ["joined-after 2 s", "joined-after  2s", "joined-after   2000 ms"])
    func aGroundIsJoinedAfterATime(ground: String) throws {
        let scenario = try Self.read("solderless: 1\nname: a\nwiring: {ground: \(ground)}")
        #expect(scenario.ground == .joinedAfter(.zero.advanced(by: .seconds(2)), FloatingGround()))
    }

    @Test func powerIsReadWhole() throws {
        let scenario = try Self.read(Self.whole)
        #expect(scenario.chip.powerRamp == .milliseconds(20))
        #expect(
            scenario.power
                == PowerSchedule([
                    .init(.firstHostByte, after: .milliseconds(500), isOn: true),
                    .init(.firstHostByte, after: .milliseconds(505), isOn: false),
                    .init(.firstHostByte, after: .milliseconds(510), isOn: true),
                    .init(.erase(2), after: .milliseconds(10), isOn: false),
                    .init(.erase(2), after: .milliseconds(110), isOn: true),
                    .init(.step(Aim(.block, count: 3, direction: .hostToChip)), isOn: false),
                ]))
        #expect(try Self.read("solderless: 1\nname: a\npower: {apply: never}").power == .off)
        #expect(
            try Self.read("solderless: 1\nname: a\npower: {apply: eot-ack + 1 us}").power
                == PowerSchedule([.init(.step(Aim(.eotAck)), after: .microseconds(1), isOn: true)]))
    }

    @Test func faultsAreReadWhole() throws {
        #expect(
            try Self.read(Self.whole).faults == [
                FaultChoice("open-wire"),
                FaultChoice("loose-wire", direction: .chipToHost, values: ["onset": 20, "loss": 500]),
                FaultChoice(
                    "drop", direction: .hostToChip, aim: Aim(.block, count: 3, direction: .hostToChip)),
                FaultChoice("worn-sector", values: ["address": 0xA000]),
            ])
        #expect(try Self.read("solderless: 1\nname: a\nfaults: []").faults == [])
    }

    /// What is left out is as on a good bench.
    @Test func theLeastFileIsAGoodBench() throws {
        #expect(try Self.read("solderless: 1\nname: a") == Scenario(name: "a"))
    }

    /// The board comes first, whatever the order of the keys.
    @Test func theChipWinsOverTheBoard() throws {
        let scenario = try Self.read("solderless: 1\nname: a\nchip: {start: rom}\nboard: tnce-plug")
        #expect(scenario.chip.start == .rom)
        #expect(scenario.flashID == (try Catalogue.board("tnce-plug").emulatedFlash.id))
    }

    // MARK: --fault

    @Test func aFaultIsAsInAList() throws {
        #expect(try FaultChoice(parsing: "open-wire") == FaultChoice("open-wire"))
        #expect(
            try FaultChoice(parsing: "wrong-crystal: {error: -3 %}")
                == FaultChoice("wrong-crystal", values: ["error": -30_000]))
        #expect(try FaultChoice(parsing: "drop: {at: block-ack}") == FaultChoice("drop", aim: Aim(.blockAck)))
        #expect(
            try FaultChoice(parsing: "corrupt: {direction: host-to-chip, at: {data-frame: 3}, xor: 0x80}")
                == FaultChoice(
                    "corrupt", direction: .hostToChip,
                    aim: Aim(.dataFrame, count: 3, direction: .hostToChip), values: ["xor": 0x80]))
    }

    /// Each unit as `docs/scenarios.md` writes it; what it stands for, in the summary's unit.
    @Test(arguments: [
        ("boot-chatter", "first: 1.5 s", 1500), ("loose-wire", "onset: 200 ppm", 200),
        ("loose-wire", "onset: 0.02 %", 200), ("loose-wire", "loss: 12.5 %", 125),
        ("loose-wire", "loss: 125 permille", 125), ("stale-bytes", "count: 16", 16), ("stuck-wire", "level: 1", 1),
        ("boot-chatter", "lines: 7", 7), ("worn-sector", "address: 0x1f000", 0x1F000),
        ("write-protection", "bytes: 64 KB", 65_536), ("stuck-bit", "bit: 7", 7), ("corrupt", "xor: 0x80", 0x80),
        ("wrong-flash-id", "id: \"2040C8\"", 0x2040C8), ("slow-erase", "times: 30", 30),
    ])
    func everyUnitIsRead(fault: String, setting: String, value: Int) throws {
        let aim = fault == "corrupt" ? "at: block, " : ""
        let choice = try FaultChoice(parsing: "\(fault): {\(aim)\(setting)}")
        #expect(choice.values == [String(setting.prefix { $0 != ":" }): value])
    }
}
