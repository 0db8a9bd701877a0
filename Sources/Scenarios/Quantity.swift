import Line

/// What a number with a unit measures, in whole steps of its smallest unit.
package struct Dimension: Sendable {
    /// As messages call it.
    let name: String
    /// Units and how many steps each has; the first is what messages give limits in.
    let units: [(symbol: String, steps: Int)]

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
}

extension YAMLValue {
    /// A number with its unit, in steps of the dimension's smallest unit: no rounding, no exponent, no sign.
    package func quantity(_ dimension: Dimension, in range: ClosedRange<Int>) throws(FileProblem) -> Int {
        let text = try text()
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let symbol = text.dropFirst(number.count).drop { $0 == " " }
        let symbols = dimension.units.map(\.symbol)
        guard !number.isEmpty else {
            throw problem("\(quoted(text)) is no \(dimension.name); it is written like \"10 \(symbols[0])\"")
        }
        guard !symbol.isEmpty else {
            throw problem("\(quoted(text)) has no unit; it is one of \(symbols.joined(separator: ", "))")
        }
        guard let unit = dimension.units.first(where: { $0.symbol == symbol }) else {
            throw problem(
                "\(quoted(String(symbol))) is no unit of \(dimension.name)"
                    + Nearest.advice(for: String(symbol), among: symbols))
        }
        guard let steps = Self.steps(number, of: unit.steps) else {
            let finest = dimension.units.min { $0.steps < $1.steps }?.symbol ?? ""
            throw problem("\(quoted(text)) is no number, too large, or finer than \(finest)")
        }
        guard range.contains(steps) else { throw outside(range, dimension) }
        return steps
    }

    /// The same with a minus sign before it, perhaps.
    package func signedQuantity(_ dimension: Dimension, in range: ClosedRange<Int>) throws(FileProblem) -> Int {
        let text = try text()
        let isNegative = text.hasPrefix("-")
        let rest = YAMLValue(
            file: file, line: line, key: key, content: .text(String(text.dropFirst(isNegative ? 1 : 0))))
        let size = try rest.quantity(dimension, in: 0...Int.max)
        let steps = isNegative ? -size : size
        guard range.contains(steps) else { throw outside(range, dimension) }
        return steps
    }

    /// It is none of those that are taken.
    private func outside(_ range: ClosedRange<Int>, _ dimension: Dimension) -> FileProblem {
        let limits = [range.lowerBound, range.upperBound].map { Self.written($0, dimension) }
        let text = (try? text()) ?? ""
        return problem("\(quoted(text)) is not between \(limits[0]) and \(limits[1])")
    }

    /// A time.
    package func duration(in range: ClosedRange<Duration>) throws(FileProblem) -> Duration {
        let limits = range.lowerBound.wholeNanoseconds...range.upperBound.wholeNanoseconds
        return .nanoseconds(try quantity(.time, in: Int(limits.lowerBound)...Int(limits.upperBound)))
    }

    /// `12.34` of a unit; nil when it is no number, does not fit or is not whole.
    private static func steps(_ number: Substring, of unit: Int) -> Int? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int(parts[0]) else { return nil }
        let (steps, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return steps }
        guard (1...9).contains(parts[1].count), let fraction = Int(parts[1]) else { return nil }
        let scale = parts[1].reduce(1) { scale, _ in scale * 10 }
        // At most 10⁹ times an hour's steps: it fits.
        let (product, tooLarge) = fraction.multipliedReportingOverflow(by: unit)
        guard !tooLarge, product % scale == 0 else { return nil }
        let (sum, isBeyond) = steps.addingReportingOverflow(product / scale)
        return isBeyond ? nil : sum
    }

    /// The largest unit that divides it.
    static func written(_ steps: Int, _ dimension: Dimension) -> String {
        let fitting = dimension.units.filter { steps % $0.steps == 0 }.max { $0.steps < $1.steps }
        guard steps != 0, let fitting else { return "\(steps) \(dimension.units[0].symbol)" }
        return "\(steps / fitting.steps) \(fitting.symbol)"
    }
}
