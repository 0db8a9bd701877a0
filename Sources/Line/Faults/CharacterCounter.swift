/// Counts the characters that come to a fault, each direction by itself.
struct CharacterCounter: Sendable {
    private var hostCount = 0
    private var chipCount = 0

    /// Takes note of a run. - Returns: how many characters came before it.
    mutating func pass(_ count: Int, _ direction: LineDirection) -> Int {
        switch direction {
        case .hostToChip:
            defer { hostCount += count }
            return hostCount
        case .chipToHost:
            defer { chipCount += count }
            return chipCount
        }
    }
}
