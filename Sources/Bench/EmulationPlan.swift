package import Emulator
import Images
package import Line
package import Ports
package import Scenarios
import Trace
import Wire

/// What to emulate, and how: everything that `emulate` and `run` can be asked for.
package struct EmulationPlan {
    /// Where clients connect instead of opening a pseudo-terminal; nil for that.
    package var network: Network?
    /// Symbolic link to the pseudo-terminal; nil for none.
    package var link: String?
    /// Chip, flash, power and what is wrong with any of them. Times count from the emulation's start.
    package var setup: Setup
    /// What lies between the client and the chip: the setup's.
    package var conditions: LineConditions
    /// What is plugged at the beginning, whose supply's button then stands for the power; nil: what the scenario has, and its
    /// power.
    package var hookup: Hookup?
    package var time: TimeMode
    /// How long the flash takes where time passes as on a bench; nil for what is usual.
    package var flashTimes: FlashTimings?
    /// The scenario that all this comes from; nil for none.
    package var scenario: String?
    /// File that the flash lives in; nil for a flash that is forgotten.
    package var flashPath: String?
    /// File that a flash without one begins as; it is never written. nil for the setup's own flash.
    package var flashSource: String?
    /// What a flash is that has no file yet, and what follows in a file that is too short.
    package var flashRest = FlashFile.Rest.madeUp
    /// What the flash is compared with at the end.
    package var expectedFlash: [ExpectedFlash] = []
    /// Whether what the host and the chip said last is kept for the end.
    package var keepsLastExchange = false
    package var efuse: EFuse
    package var rom: [UInt8]
    /// Where the trace goes; nil for none.
    package var tracePath: String?
    package var replacesTrace: Bool
    /// Where the session is cut, or that its points are counted; nil for neither.
    package var cut: PlannedCut?
    /// Whether programs with the preload library are given control lines.
    package var hasLines = false
    /// The control socket while it runs.
    package var control = Control.none
    /// Whether somebody in this process follows it (`Emulation.audience`).
    package var hasAudience = false
    package var programVersion: String
    package var commandLine: String

    /// A port that is reached over TCP.
    package enum Network: Hashable, Sendable {
        case rfc2217(LoopbackAddress)
        /// Bare bytes; the client's end has this rate all the time, in bits per second.
        case tcp(LoopbackAddress, baud: Int)
    }

    /// A control socket.
    package enum Control: Hashable, Sendable {
        case none
        /// There, or nothing is emulated.
        case required(String)
        /// There if it can be; nil for a place in the runtime folder.
        case wanted(String?)
    }

    package init(_ setup: Setup, time: TimeMode = TimeMode(.wire)) {
        self.setup = setup
        self.time = time
        conditions = setup.conditions
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
        "--time fast ignores baud rates, so adapters, levels and grounds have no effect. "
            + "Use --time wire or --time brisk."
    }
}

extension EmulationPlan {
    /// Whether anybody may follow it while it runs.
    var hasOnlookers: Bool { control != .none || hasAudience }

    /// Throws what is wrong with it.
    func check() throws(EmulationPlanError) {
        guard time.comparesRates || !conditions.hasLevels else { throw .levelsWithoutRates }
    }

    func session(path: String, epoch: Int64) -> SessionDescription {
        SessionDescription(
            program: "solderless", programVersion: programVersion, clock: .line, seed: setup.seed, epoch: epoch,
            properties: [
                .init("chip", "ECR6600"), .init("board", setup.scenario.board ?? "none"),
                .init("scenario", scenario ?? "none"),
                .init("flash-id", setup.scenario.flashID.description),
                .init("start", setup.chip.start.name), .init("stub", setup.chip.stub?.rawValue ?? "auto"),
                .init("time", time.name), .init("port", path), .init("command", commandLine),
            ])
    }
}
