/// What a number with a unit measures, in whole steps of its smallest unit.
package struct Dimension: Sendable {
    /// As messages call it.
    package let name: String
    /// Units and how many steps each has; the first is what messages give limits in.
    package let units: [(symbol: String, steps: Int)]

    /// In nanoseconds.
    package static let time = Dimension(
        name: "time",
        units: [
            ("ms", 1_000_000), ("ns", 1), ("us", 1000), ("µs", 1000), ("s", 1_000_000_000), ("min", 60_000_000_000),
        ])
    /// In bytes.
    package static let size = Dimension(name: "size", units: [("KB", 1 << 10), ("B", 1), ("MB", 1 << 20)])
    /// In millivolts.
    package static let voltage = Dimension(name: "voltage", units: [("V", 1000), ("mV", 1)])
    /// In microamperes.
    package static let current = Dimension(name: "current", units: [("mA", 1000), ("uA", 1), ("µA", 1)])
    /// In ohms.
    package static let resistance = Dimension(
        name: "resistance", units: [("kOhm", 1000), ("Ohm", 1), ("MOhm", 1_000_000)])
    /// In hertz.
    package static let frequency = Dimension(name: "frequency", units: [("MHz", 1_000_000), ("kHz", 1000), ("Hz", 1)])
    /// In thousandths of the supply.
    package static let partOfSupply = Dimension(name: "level", units: [("VDD", 1000)])
    /// In thousandths of a whole.
    package static let part = Dimension(name: "part", units: [("%", 10), ("permille", 1)])
    /// In millionths.
    package static let partPerMillion = Dimension(name: "deviation", units: [("ppm", 1), ("%", 10_000)])

    /// So many steps in the largest unit that divides them: `1500 ms`, `2 s`.
    package func text(_ steps: Int) -> String {
        let fitting = units.filter { steps % $0.steps == 0 }.max { $0.steps < $1.steps }
        guard steps != 0, let fitting else { return "\(steps) \(units[0].symbol)" }
        return "\(steps / fitting.steps) \(fitting.symbol)"
    }
}
