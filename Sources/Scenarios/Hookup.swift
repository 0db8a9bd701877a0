import Emulator
package import Faults
package import Line

/// What is plugged where on a bench: the wires of the adapter and of the supply, and the pads of the board that they end on.
///
/// A scenario's `conditions` say what lies between host and chip; a hookup says the same as a person at the bench sees it,
/// and may change while the line runs (`SerialLink.rewire`).
package struct Hookup: Hashable, Sendable {
    /// A wire, by the connector that it comes from.
    package enum Wire: String, Hashable, Sendable, CaseIterable {
        case adapterTX = "adapter-tx"
        case adapterRX = "adapter-rx"
        case adapterGround = "adapter-gnd"
        case adapterRTS = "adapter-rts"
        case supplyGround = "supply-gnd"
        case supplyPlus = "supply-3v3"

        /// The pad that it belongs on (ECR6600 facts §12; RTS: §1.1).
        package var rightPad: Pad {
            switch self {
            case .adapterTX: .rxd
            case .adapterRX: .txd
            case .adapterGround, .supplyGround: .ground
            case .adapterRTS: .reset
            case .supplyPlus: .supply
            }
        }
    }

    /// A pad of the board.
    package enum Pad: String, Hashable, Sendable, CaseIterable {
        /// UART0's, by which the chip is flashed (ECR6600 facts §8).
        case rxd = "gpio5"
        case txd = "gpio6"
        /// UART0's other pair, which a page lists by the same names and which takes no part in flashing (§12).
        case otherRXD = "gpio21"
        case otherTXD = "gpio22"
        case ground = "gnd"
        case supply = "3v3"
        /// RESET_B, where a board has a pad for it.
        case reset
    }

    /// By the order of `Wire.allCases`; nil for a wire that is on none.
    private var pads: [Pad?]
    /// What the adapter's switch is set to: one of `adapterLevels`.
    package var adapterLevel: Millivolts = 3300
    /// Whether the supply's output is switched on.
    package var isSupplyOn = false
    /// Faults of the line that somebody has switched on.
    package var switchedOn: [FaultChoice] = []

    package static let adapterLevels: [Millivolts] = [1800, 3300, 5000]

    /// No wire is plugged.
    package static let loose = Hookup(pads: Wire.allCases.map { _ in nil })
    /// Every wire where it belongs, but for RTS, for which the plug has no pad.
    package static let wired = Hookup(pads: Wire.allCases.map { $0 == .adapterRTS ? nil : $0.rightPad })

    private init(pads: [Pad?]) {
        self.pads = pads
    }

    /// The pad that a wire is on; nil for none.
    package subscript(wire: Wire) -> Pad? {
        get { pads[wire.place] }
        set { pads[wire.place] = newValue }
    }

    /// Wires that are elsewhere than they were.
    package func movedWires(since before: Hookup) -> [Wire] { Wire.allCases.filter { self[$0] != before[$0] } }

    /// Whether a wire is where it belongs.
    package func isRight(_ wire: Wire) -> Bool { self[wire] == wire.rightPad }

    /// Whether the supply's wires are both where they belong. Whatever else touches the board feeds it nothing: an assumption.
    package var reachesSupply: Bool { isRight(.supplyGround) && isRight(.supplyPlus) }

    /// Whether the supply's two wires meet on one pad.
    package var isShort: Bool { self[.supplyPlus] != nil && self[.supplyPlus] == self[.supplyGround] }

    /// Whether each of the supply's wires is where the other belongs.
    package var isReversed: Bool {
        self[.supplyPlus] == Wire.supplyGround.rightPad && self[.supplyGround] == Wire.supplyPlus.rightPad
    }

    /// Whether the chip has a supply.
    package var suppliesChip: Bool { isSupplyOn && reachesSupply }
}

extension Hookup.Wire {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self)! }
}

extension Hookup {
    /// As a scenario has it at its beginning: what its conditions take away is not plugged. RTS is plugged where the board
    /// wires it to RESET_B.
    package init(_ scenario: Scenario) {
        self = .wired
        adapterLevel = scenario.adapter?.level ?? 3300
        if case .floating = scenario.ground { self[.adapterGround] = nil }
        if !scenario.chip.resetLines.isEmpty { self[.adapterRTS] = .reset }
        isSupplyOn = scenario.power == .on
    }

    /// What lies between host and chip now.
    /// - Parameter base: what the scenario has there with everything plugged.
    /// - Throws: `FaultError`, for a fault of `switchedOn` that cannot be made.
    package func conditions(_ base: LineConditions) throws(FaultError) -> LineConditions {
        var conditions = base
        if adapterLevel != (base.adapter?.level ?? 3300) {
            conditions.adapter = conditions.adapter ?? Self.usualAdapter
            conditions.adapter?.level = adapterLevel
        }
        if isRight(.adapterGround) {
            if case .floating = base.ground { conditions.ground = .joined }
        } else if base.ground == .joined {
            conditions.adapter = conditions.adapter ?? Self.usualAdapter
            conditions.ground = .floating(FloatingGround())
        }
        conditions.faults += try FaultRegistry.lineFaults(switchedOn)
        for (wire, direction) in [(Wire.adapterTX, Direction.hostToChip), (.adapterRX, .chipToHost)]
        where !isRight(wire) {
            conditions.faults.append(
                LabelledFault(
                    try FaultCatalogue.fault(OpenWire.summary.name, direction: direction, values: [:]),
                    label: "\(wire.rawValue) \(self[wire].map { "on \($0.rawValue)" } ?? "loose")"))
        }
        return conditions
    }

    /// The faults of the line that can be switched while it runs: those that are no wire and no plug, and begin by themselves.
    package static let faults: [FaultSummary] = [
        LooseWire.summary, LoseCharacters.summary, ChangeCharacters.summary,
        StuckWire.summary, WrongCrystal.summary,
    ]

    /// Where a scenario names none.
    private static let usualAdapter = Adapter(.ch340)
}
