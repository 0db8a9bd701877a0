package import Bench
import Emulator
package import Scenarios
import ScenarioFiles

/// What stands on the bench, and where its page is served.
package struct WorkbenchPlan {
    /// 0 for any that is free.
    package var port: UInt16 = 8660
    package var emulation: EmulationPlan
    package var board: Board
    /// `solderless`, for the built-in flasher.
    package var program: String

    package static let usualBoard = "tnce-plug"

    /// - Parameter scenario: what is wrong with the bench; nil for nothing.
    /// - Throws: `FaultError`, `FileProblem`.
    package init(
        board: Board, scenario: Scenario?, seed: UInt64, isWired: Bool, link: String?, program: String,
        programVersion: String
    ) throws {
        var overrides = Overrides()
        overrides.board = board
        emulation = EmulationPlan(
            try Setup(scenario ?? Scenario(name: "none"), seed: seed, overrides: overrides), time: TimeMode(.wire))
        if let scenario {
            emulation.scenario = scenario.name
        } else {
            emulation.hookup = isWired ? .wired : .loose
        }
        emulation.link = link
        emulation.control = .wanted(link.map { $0 + ".ctl" })
        emulation.hasAudience = true
        emulation.programVersion = programVersion
        self.board = board
        self.program = program
    }
}
