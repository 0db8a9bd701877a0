import Wire

/// Lines that a job says over and over while nothing changes: each is told a few times, the rest are counted.
struct RepeatedLines {
    private var counts: [String: Int] = [:]
    private var untold = 0

    /// A line is told so often.
    private static let most = 3

    /// - Returns: what is to be printed, now that `line` comes: perhaps nothing, perhaps first how many were left out.
    mutating func take(_ line: String) -> [String] {
        counts[line, default: 0] += 1
        guard counts[line]! <= Self.most else {
            untold += 1
            return []
        }
        return [end(), line].compactMap { $0 }
    }

    /// How many lines were left out since one was told; nil for none.
    mutating func end() -> String? {
        defer { untold = 0 }
        return untold > 0 ? "  … \(plural(untold, "more line")) like \(untold == 1 ? "this" : "these")" : nil
    }
}
