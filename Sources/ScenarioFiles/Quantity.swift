import Line
package import Words

extension YAMLValue {
    /// A number with its unit, in steps of the dimension's smallest unit: no rounding, no exponent, no sign.
    package func quantity(_ dimension: Dimension, in range: ClosedRange<Int>) throws(FileProblem) -> Int {
        let text = try text()
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let symbol = text.dropFirst(number.count).drop { $0 == " " }
        let symbols = dimension.units.map(\.symbol)
        guard !number.isEmpty else {
            throw problem("\(quotedExcerpt(text)) is no \(dimension.name); it is written like \"10 \(symbols[0])\"")
        }
        guard !symbol.isEmpty else {
            throw problem("\(quotedExcerpt(text)) has no unit; it is one of \(symbols.joined(separator: ", "))")
        }
        guard let unit = dimension.units.first(where: { $0.symbol == symbol }) else {
            throw problem(
                "\(quotedExcerpt(String(symbol))) is no unit of \(dimension.name)"
                    + Nearest.advice(for: String(symbol), among: symbols))
        }
        guard let steps = Self.steps(number, of: unit.steps) else {
            let finest = dimension.units.min { $0.steps < $1.steps }?.symbol ?? ""
            throw problem("\(quotedExcerpt(text)) is no number, too large, or finer than \(finest)")
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
        let limits = [range.lowerBound, range.upperBound].map { dimension.text($0) }
        let text = (try? text()) ?? ""
        return problem("\(quotedExcerpt(text)) is not between \(limits[0]) and \(limits[1])")
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
}
