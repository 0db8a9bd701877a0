import Words

/// Seeds as the command line has them: `17`, `3,17,99`, `0..<100`, `1...100`.
struct Seeds: Hashable, Sendable {
    let values: [UInt64]

    /// More would not fit into one report.
    static let limit = 1_000_000

    /// What is run when nobody says which.
    static let usual = Seeds(values: Array(0..<100))
    /// What one bench has when nobody says which.
    static let one = Seeds(values: [1])
    /// An odd one and an even one.
    static let oneAndTwo = Seeds(values: [1, 2])

    static let oneToTwenty = Seeds(values: Array(1...20))

    private init(values: [UInt64]) {
        self.values = values
    }

    /// - Throws: `SeedsProblem`.
    init(parsing text: String) throws(SeedsProblem) {
        if let range = text.firstRange(of: "..<") {
            let (lower, upper) = try Self.bounds(text[..<range.lowerBound], text[range.upperBound...])
            guard lower != upper else { throw .empty(lower) }
            guard lower < upper else { throw .reversed("\(upper)..<\(lower)") }
            try Self.check(count: upper - lower)
            values = Array(lower..<upper)
        } else if let range = text.firstRange(of: "...") {
            let (lower, upper) = try Self.bounds(text[..<range.lowerBound], text[range.upperBound...])
            guard lower <= upper else { throw .reversed("\(upper)...\(lower)") }
            // All seeds there are would be one more than a number can say.
            let (count, overflow) = (upper - lower).addingReportingOverflow(1)
            try Self.check(count: overflow ? .max : count)
            values = Array(lower...upper)
        } else {
            values = try Self.list(text)
        }
    }

    /// As a report names them.
    var description: String {
        guard let first = values.first, let last = values.last, values.count > 1 else {
            return values.map(String.init).joined()
        }
        return "\(first)...\(last)"
    }

    private static func list(_ text: String) throws(SeedsProblem) -> [UInt64] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        try check(count: UInt64(parts.count))
        var seen: Set<UInt64> = []
        var values: [UInt64] = []
        for part in parts {
            let seed = try number(part)
            guard seen.insert(seed).inserted else { throw .twice(seed) }
            values.append(seed)
        }
        return values
    }

    private static func bounds(
        _ lower: Substring, _ upper: Substring
    ) throws(SeedsProblem) -> (UInt64, UInt64) {
        (try number(lower), try number(upper))
    }

    private static func number(_ text: Substring) throws(SeedsProblem) -> UInt64 {
        if let number = UInt64(text) { return number }
        let isNumber = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
        throw isNumber ? .tooBig(String(text)) : .noNumber(String(text))
    }

    private static func check(count: UInt64) throws(SeedsProblem) {
        guard count <= limit else { throw .tooMany(count) }
    }
}

/// Why something names no seeds.
enum SeedsProblem: Error, CustomStringConvertible {
    case noNumber(String)
    case tooBig(String)
    case empty(UInt64)
    /// How it would be right.
    case reversed(String)
    case tooMany(UInt64)
    case twice(UInt64)

    var description: String {
        switch self {
        case .noNumber(let text):
            "\"\(excerpt(text))\" is not a seed; write 17, or 3,17,99, or 1...100, or '0..<100'"
        case .tooBig(let text): "\(excerpt(text)) is too large; the largest seed is \(UInt64.max)"
        case .empty(let seed): "this range is empty; write \(seed) for the one seed"
        case .reversed(let right): "the smaller number comes first: \(right)"
        case .tooMany(let count): "these are \(count) seeds; at most \(Seeds.limit) are allowed"
        case .twice(let seed): "\(seed) is listed twice"
        }
    }
}
