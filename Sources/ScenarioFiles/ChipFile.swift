package import Scenarios
import Words

/// A chip as a file: `emulator/chips/ecr6600.yaml`.
extension ChipDescription {
    /// Reads a chip. - Throws: `FileProblem`.
    package init(parsing bytes: [UInt8], file: String) throws(FileProblem) {
        let chip = try YAMLReader.section(
            of: bytes, file: file, kind: "chip", keys: ["name", "about", "supply", "levels", "uart"])
        let supply = try chip.value("supply").section(["least", "typical", "most", "reset-below"])
        let volts = 0...6000
        let levels = try chip.value("levels").section([
            "input-high", "input-low", "output-high", "output-low", "output-high-current", "output-low-current",
            "leakage", "pull-up", "pull-down",
        ])
        let uart = try chip.value("uart").section(["transmit-pin", "receive-pin", "fifo"])
        self.init(
            name: try chip.value("name").text(),
            about: try chip.value("about").text(),
            supply: Spread(
                least: try supply.value("least").quantity(.voltage, in: volts),
                typical: try supply.value("typical").quantity(.voltage, in: volts),
                most: try supply.value("most").quantity(.voltage, in: volts)),
            resetBelow: try supply.value("reset-below").quantity(.voltage, in: volts),
            inputHigh: try levels.value("input-high").quantity(.partOfSupply, in: 0...1000),
            inputLow: try levels.value("input-low").quantity(.partOfSupply, in: 0...1000),
            outputHigh: try levels.value("output-high").quantity(.partOfSupply, in: 0...1000),
            outputLow: try levels.value("output-low").quantity(.partOfSupply, in: 0...1000),
            outputHighCurrent: try Spread(levels.value("output-high-current"), .current, in: 0...100_000),
            outputLowCurrent: try Spread(levels.value("output-low-current"), .current, in: 0...100_000),
            leakage: try levels.value("leakage").quantity(.current, in: 0...1000),
            pullUp: try Spread(levels.value("pull-up"), .resistance, in: 1...10_000_000),
            pullDown: try Spread(levels.value("pull-down"), .resistance, in: 1...10_000_000),
            transmitPin: try uart.value("transmit-pin").text(),
            receivePin: try uart.value("receive-pin").text(),
            fifoDepth: try uart.value("fifo").number(in: 1...1024))
    }
}

extension ChipDescription.Spread {
    /// A list of three.
    fileprivate init(_ value: YAMLValue, _ dimension: Dimension, in range: ClosedRange<Int>) throws(FileProblem) {
        let items = try value.list()
        guard items.count == 3 else { throw value.problem("expected least, typical and most, found \(items.count)") }
        let least = try items[0].quantity(dimension, in: range)
        let typical = try items[1].quantity(dimension, in: range)
        let most = try items[2].quantity(dimension, in: range)
        guard least <= typical, typical <= most else { throw value.problem("they do not rise") }
        self.init(least: least, typical: typical, most: most)
    }
}
