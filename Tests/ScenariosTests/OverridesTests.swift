import Emulator
import Line
import Scenarios
import Testing
import Wire

/// Options over boards, boards over a chip's file, that over the scenario.
@Suite struct OverridesTests {
    private func board(_ reset: Board.Reset? = nil, inputs: Board.Inputs? = nil) -> Board {
        let part = FlashPart(name: "GD25Q32", id: FlashID("1640C8")!, byteCount: 4 << 20, times: .typical)
        var board = Board(name: "mine", about: "", chip: "ecr6600", straps: .flash, emulatedFlash: part)
        board.uboot = .v1311
        board.reset = reset
        board.inputs = inputs
        return board
    }

    private func chip(fifo: Int, high: Int = 700) -> ChipDescription {
        let spread = ChipDescription.Spread(least: 1, typical: 1, most: 1)
        return ChipDescription(
            name: "mine", about: "", supply: .init(least: 3000, typical: 3300, most: 3600), resetBelow: 2500,
            inputHigh: high, inputLow: 300, outputHigh: 900, outputLow: 100, outputHighCurrent: spread,
            outputLowCurrent: spread, leakage: 0, pullUp: spread, pullDown: spread, transmitPin: "", receivePin: "",
            fifoDepth: fifo)
    }

    /// Nothing asked for changes nothing that a scenario says, whatever the options' defaults are.
    @Test func nothingAskedChangesNothing() throws {
        var scenario = Scenario(name: "odd")
        scenario.chip.romTimeout = .seconds(3)
        scenario.chip.romWindow = .seconds(1)
        scenario.chip.signature = .bad
        scenario.chip.fifoDepth = 16
        scenario.chip.uboot = .v134
        scenario.chip.hasFactoryData = true
        scenario.power = .off
        #expect(try Setup(scenario, seed: 1, overrides: Overrides()).scenario == scenario)
    }

    @Test func anOptionWinsOverABoardAndABoardOverTheScenario() throws {
        var scenario = Scenario(name: "a")
        scenario.chip.uboot = .v140
        scenario.chip.start = .rom
        var overrides = Overrides()
        overrides.board = board()
        var setup = try Setup(scenario, seed: 1, overrides: overrides)
        #expect(setup.scenario.board == "mine")
        #expect(setup.chip.uboot == .v1311)
        #expect(setup.chip.start == .flash)
        #expect(setup.scenario.flashID == FlashID("1640C8"))
        overrides.uboot = .some(nil)
        overrides.start = .app
        overrides.flashID = .gd25q16e
        setup = try Setup(scenario, seed: 1, overrides: overrides)
        #expect(setup.chip.uboot == nil, "auto was asked for")
        #expect(setup.chip.start == .app)
        #expect(setup.scenario.flashID == .gd25q16e)
        #expect(setup.sampleFlash().byteCount == 2 << 20)
    }

    @Test func aChipsFileGivesFIFOsAndLevels() throws {
        var overrides = Overrides()
        overrides.chip = chip(fifo: 16)
        var setup = try Setup(Scenario(name: "a"), seed: 1, overrides: overrides)
        #expect(setup.chip.fifoDepth == 16)
        // The built-in file's levels, ECR6600 facts §8, are what a line has without any file.
        #expect(setup.conditions.chipInput == .ecr6600())
        #expect(setup.conditions.chipDriver == .ecr6600())
        overrides.fifoDepth = 32
        overrides.chip = chip(fifo: 16, high: 800)
        setup = try Setup(Scenario(name: "a"), seed: 1, overrides: overrides)
        #expect(setup.chip.fifoDepth == 32)
        #expect(setup.conditions.chipInput.guaranteedHigh == 2640)
    }

    /// §8: a module's sheet gives the inputs in volts, low up to 0.8 V and high from 2.0 V: an adapter at 1.8 V is then
    /// further from what is sure.
    @Test func aModulesSheetGivesItsInputs() throws {
        var overrides = Overrides()
        overrides.chip = chip(fifo: 32)
        overrides.board = board(inputs: Board.Inputs(lowUpTo: 800, highFrom: 2000))
        let input = try Setup(Scenario(name: "a"), seed: 1, overrides: overrides).conditions.chipInput
        #expect(input.guaranteedLow == 800)
        #expect(input.guaranteedHigh == 2000)
        #expect(input.guarantee(1900) == nil)
        #expect(input.guarantee(700) == false)
    }

    /// Nothing of the scenario's own board is left where an option names another one.
    @Test func anotherBoardTakesTheWholePlace() throws {
        var scenario = Scenario(name: "a")
        var first = board(.rts, inputs: Board.Inputs(lowUpTo: 800, highFrom: 2000))
        first.crystal = .mhz26
        scenario.apply(first)
        var overrides = Overrides()
        overrides.chip = chip(fifo: 32)
        #expect(
            try Setup(scenario, seed: 1, overrides: overrides).conditions.chipInput.guaranteedHigh == 2000,
            "a module's sheet is above the chip's file")
        overrides.board = board()
        let setup = try Setup(scenario, seed: 1, overrides: overrides)
        #expect(setup.conditions.chipInput == .ecr6600())
        #expect(setup.chip.crystal == ChipSettings().crystal)
        #expect(setup.chip.resetLines == [])
    }

    /// §1.1, §12: on the evaluation board the adapter's RTS drives RESET_B.
    @Test func aBoardWiresItsReset() throws {
        var overrides = Overrides()
        overrides.board = board(.rts)
        #expect(try Setup(Scenario(name: "a"), seed: 1, overrides: overrides).chip.resetLines == .requestToSend)
        overrides.board = board(Board.Reset.none)
        #expect(try Setup(Scenario(name: "a"), seed: 1, overrides: overrides).chip.resetLines == [])
    }
}
