import ArgumentParser
import Line
import Words

/// A time as an option takes it: `300ms`, `1.5 s`, or a number of seconds.
enum TimeSpan {
    /// - Throws: `ValidationError`.
    static func parse(_ text: String, of option: String, in range: ClosedRange<Duration>) throws -> Duration {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let symbol = text.dropFirst(number.count).drop { $0 == " " }
        let units = Dimension.time.units
        guard let value = Double(number),
            let unit = units.first(where: { $0.symbol == (symbol.isEmpty ? "s" : symbol) })
        else {
            throw ValidationError(
                "\(option) takes a time like 300ms or \"1.5 s\" (\(units.map(\.symbol).joined(separator: ", "))), not "
                    + "\"\(text)\"")
        }
        let nanoseconds = (value * Double(unit.steps)).rounded()
        guard nanoseconds < 1e18, range.contains(.nanoseconds(Int64(nanoseconds))) else {
            let limits = [range.lowerBound, range.upperBound].map { $0 / .seconds(1) }
            throw ValidationError("\(option) takes \(limits[0]) to \(limits[1]) s, not \"\(text)\"")
        }
        return .nanoseconds(Int64(nanoseconds))
    }
}
