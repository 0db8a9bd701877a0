package import Emulator
package import Faults
package import Flasher
package import Line
package import Wire

/// A board, its wiring, its power and what is wrong with any of them; with what it stands for and how it should end.
///
/// A run is a function of a scenario, a seed and what the host does.
package struct Scenario: Hashable, Sendable {
    package var name: String
    /// For people: what it is on a bench, what one sees, how to cure it.
    package var about: String
    /// The board that `chip` and `flashID` come from; nil for none.
    package var board: String?
    package var chip = ChipSettings()
    package var flashID = FlashID.gd25q16e
    /// The chip's pins as a chip's file has them; nil for the datasheet's (ECR6600 facts §8).
    package var chipInput: Input?
    package var chipDriver: Driver?
    /// The levels of the inputs that a module's sheet gives, in place of the chip's; nil for a board that gives none.
    package var boardInputs: Board.Inputs?
    /// What the host's port ends in; nil for one that makes every rate exactly and has the chip's own levels.
    package var adapter: Adapter?
    package var ground = Ground.joined
    /// How an adapter below the chip's level is lifted by the chip; nil for one that is not.
    package var rail: ClampRail? = ClampRail()
    package var power = PowerSchedule.on
    /// In the order in which a run meets them.
    package var faults: [FaultChoice] = []
    package var host = HostAdvice()
    package var expectation = Expectation()

    package init(name: String, about: String = "") {
        self.name = name
        self.about = about
    }

    /// What a host must do for the scenario to be about anything: our own does it, another is told of it.
    package struct HostAdvice: Hashable, Sendable {
        /// The rate it asks for once the stub runs; nil for what it is used to.
        package var workingBaud: Int?
        /// How long after the line's beginning it begins; only our own can be told.
        package var delay = Duration.zero
        /// What it does.
        package var task = Task.backup
        /// How long it goes on with the sync word; nil for as long as it is used to.
        package var syncWindow: Duration?

        package init() {}
    }

    /// A job, without its contents.
    package enum Task: String, Hashable, Sendable, CaseIterable {
        case info
        case backup
        case write
        case erase
        case verify
    }

    /// How it should end with a host that does its best.
    package struct Expectation: Hashable, Sendable {
        package enum Ending: String, Hashable, Sendable, CaseIterable {
            case success
            case failure
            /// Either, depending on the seed; what must hold is that nobody lies.
            case either
        }
        /// Whom a scenario asks to end well.
        package enum Demand: String, Hashable, Sendable, CaseIterable {
            /// Any host: nothing is wrong that would excuse a failure.
            case any
            /// One that takes care: another may fail, if it says so.
            case careful
        }
        package var ending = Ending.success
        package var demand = Demand.careful
        /// Of the line's time.
        package var limit = Duration.seconds(60)
        /// What a diagnosis should name when it fails; nil where nothing should fail, or where no name exists.
        package var cause: Cause?

        package init() {}
    }
}

extension Scenario {
    /// From when on everything is as it stays, so far as the scenario says it in times, from the line's beginning: the
    /// host has begun, the grounds are joined, and the supply has been switched. What is reckoned from something that the
    /// host does is reckoned from the host's beginning.
    package var lastChange: Duration {
        let switched = power.switches.map { ($0.trigger == .start ? .zero : host.delay) + $0.delay }.max()
        let powered = switched.map { $0 + chip.powerRamp } ?? .zero
        guard case .joinedAfter(let moment, _) = ground else { return max(host.delay, powered) }
        return max(host.delay, powered, Instant.zero.duration(to: moment))
    }

    /// What lies between host and chip. - Throws: `FaultError`, for a fault that cannot be made.
    package func conditions(seed: UInt64) throws(FaultError) -> LineConditions {
        var conditions = LineConditions()
        conditions.adapter = adapter
        conditions.chipInput = chipInput ?? conditions.chipInput
        if let boardInputs {
            conditions.chipInput = Input(
                surelyLow: boardInputs.lowUpTo, surelyHigh: boardInputs.highFrom, supply: conditions.chipInput.supply)
        }
        conditions.chipDriver = chipDriver ?? conditions.chipDriver
        conditions.ground = ground
        conditions.rail = rail
        conditions.seed = seed
        conditions.faults = try FaultRegistry.lineFaults(faults)
        return conditions
    }
}
