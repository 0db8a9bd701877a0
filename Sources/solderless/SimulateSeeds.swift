import ArgumentParser

/// Seeds as the command line has them: `0..<100`, `1...100`, `100` (the first hundred: 0..<100), `17,` or `3,17,99`.
struct Seeds: ExpressibleByArgument, Hashable {
    let values: [UInt64]

    /// More would not fit into one report.
    static let limit: UInt64 = 1_000_000

    init?(argument: String) {
        if argument.contains(",") {
            let parts = argument.split(separator: ",").map { UInt64($0) }
            guard !parts.isEmpty, !parts.contains(nil) else { return nil }
            values = parts.compactMap(\.self)
        } else if let (lower, upper) = Self.bounds(of: argument, apart: "..<") {
            guard lower < upper, upper - lower <= Self.limit else { return nil }
            values = Array(lower..<upper)
        } else if let (lower, upper) = Self.bounds(of: argument, apart: "...") {
            guard lower <= upper, upper - lower < Self.limit else { return nil }
            values = Array(lower...upper)
        } else {
            guard let count = UInt64(argument), (1...Self.limit).contains(count) else { return nil }
            values = Array(0..<count)
        }
    }

    init(_ values: [UInt64]) {
        self.values = values
    }

    private static func bounds(of text: String, apart: String) -> (UInt64, UInt64)? {
        guard let range = text.firstRange(of: apart), let lower = UInt64(text[..<range.lowerBound]),
            let upper = UInt64(text[range.upperBound...])
        else { return nil }
        return (lower, upper)
    }
}
