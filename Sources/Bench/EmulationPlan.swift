package import Emulator
package import Line
import Ports
import Trace
package import Wire

/// What to emulate, and how: everything that `emulate` and `run` can be told.
package struct EmulationPlan {
    /// Symbolic link to the port; nil for none.
    package var link: String?
    package var chip: ChipSettings
    package var power: PowerSchedule
    /// What lies between the client and the chip. Times count from the emulation's start.
    package var conditions = LineConditions.perfect
    package var flashFaults = FlashFaults()
    package var time: TimeMode
    package var flashID: FlashID
    /// How long the flash takes where time passes as on a bench; nil for what is usual.
    package var flashTimes: FlashTimings?
    /// The board that the settings come from; nil for none.
    package var board: String?
    /// The scenario that all this comes from; nil for none.
    package var scenario: String?
    /// File that the flash lives in; nil for a made-up flash that is forgotten.
    package var flashPath: String?
    package var efuse: EFuse
    package var rom: [UInt8]
    /// Where the trace goes; nil for none.
    package var tracePath: String?
    package var replacesTrace: Bool
    package var seed: UInt64
    package var programVersion: String
    package var commandLine: String

    package init(chip: ChipSettings = ChipSettings(), time: TimeMode = TimeMode(.wire), seed: UInt64 = 1) {
        self.chip = chip
        self.time = time
        self.seed = seed
        power = .on
        flashID = .gd25q16e
        efuse = .sample
        rom = []
        replacesTrace = false
        programVersion = ""
        commandLine = ""
    }
}

/// Why nothing can be emulated as planned.
package enum EmulationPlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where time does not pass, neither do bits that could be sampled wrongly.
    case levelsWithoutRates

    package var description: String {
        "With --time fast no rates are compared, so adapters, levels and grounds have no effect. "
            + "Use --time wire or --time brisk."
    }
}

extension EmulationPlan {
    /// Throws what is wrong with it.
    func check() throws(EmulationPlanError) {
        guard time.comparesRates || !conditions.hasLevels else { throw .levelsWithoutRates }
    }

    func session(path: String, epoch: Int64) -> SessionDescription {
        SessionDescription(
            program: "solderless", programVersion: programVersion, clock: .line, seed: seed, epoch: epoch,
            properties: [
                .init("chip", "ECR6600"), .init("board", board ?? "none"), .init("scenario", scenario ?? "none"),
                .init("flash-id", flashID.description),
                .init("start", chip.start.name), .init("stub", chip.stub?.rawValue ?? "auto"),
                .init("time", time.name), .init("port", path), .init("command", commandLine),
            ])
    }
}
