import ArgumentParser

/// Seeds as the command line has them: `17`, `3,17,99`, `0..<100`, `1...100`.
struct Seeds: ExpressibleByArgument, Hashable, Sendable {
    let values: [UInt64]

    /// More would not fit into one report.
    static let limit = 1_000_000

    init?(argument: String) {
        if let (lower, upper) = Self.bounds(of: argument, apart: "..<") {
            guard lower < upper, upper - lower <= UInt64(Self.limit) else { return nil }
            values = Array(lower..<upper)
        } else if let (lower, upper) = Self.bounds(of: argument, apart: "...") {
            guard lower <= upper, upper - lower < UInt64(Self.limit) else { return nil }
            values = Array(lower...upper)
        } else {
            let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
            let seeds = parts.compactMap { UInt64($0) }
            guard seeds.count == parts.count, Set(seeds).count == seeds.count else { return nil }
            values = seeds
        }
    }

    var defaultValueDescription: String {
        guard let first = values.first, let last = values.last, values.count > 1 else {
            return values.map(String.init).joined()
        }
        return "\(first)...\(last)"
    }

    private static func bounds(of text: String, apart: String) -> (UInt64, UInt64)? {
        guard let range = text.firstRange(of: apart), let lower = UInt64(text[..<range.lowerBound]),
            let upper = UInt64(text[range.upperBound...])
        else { return nil }
        return (lower, upper)
    }
}
