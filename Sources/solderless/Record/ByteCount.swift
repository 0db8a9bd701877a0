import ArgumentParser
import Words

/// A size as an option takes it: `100MB`, `64 KB`, or a number of bytes.
enum ByteCount {
    /// - Throws: `ValidationError`.
    static func parse(_ text: String, of option: String, in range: ClosedRange<Int>) throws -> Int {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let symbol = text.dropFirst(number.count).drop { $0 == " " }
        let units = Dimension.size.units
        guard let value = Int(number), let unit = units.first(where: { $0.symbol == (symbol.isEmpty ? "B" : symbol) })
        else {
            throw ValidationError(
                "\(option) takes a whole number of \(units.map(\.symbol).joined(separator: ", ")), like 100MB, not "
                    + "\"\(text)\"")
        }
        let (bytes, overflow) = value.multipliedReportingOverflow(by: unit.steps)
        guard !overflow, bytes <= range.upperBound else {
            throw ValidationError("\(option) takes at most \(Dimension.size.text(range.upperBound)), not \"\(text)\"")
        }
        guard bytes >= range.lowerBound else {
            throw ValidationError("\(option) takes at least \(Dimension.size.text(range.lowerBound)), not \"\(text)\"")
        }
        return bytes
    }
}
