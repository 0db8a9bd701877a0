/// The cheapest way to make the next steps of one trace into those of the other.
struct EditPath {
    enum Move: Hashable {
        /// The next steps of both, whether they are the same or differ.
        case pair
        /// The next of a trace, which the other does not have.
        case only(ComparedSide)
    }

    /// From the beginning to where one of the two has no more.
    private(set) var moves: [Move] = []
    private let a: [TraceStep]
    private let b: [TraceStep]

    /// What a step costs that the other trace does not have.
    private static let onlyCost: Int32 = 4
    private static let closeCost: Int32 = 3
    private static let distantCost: Int32 = 5
    private static let never: Int32 = 1 << 28

    /// - Parameters:
    ///   - isAOver: whether trace A has no more steps than these.
    ///   - isBOver: likewise.
    init(_ a: [TraceStep], _ b: [TraceStep], isAOver: Bool, isBOver: Bool) {
        (self.a, self.b) = (a, b)
        let width = b.count + 1
        var costs = [Int32](repeating: 0, count: (a.count + 1) * width)
        var pairs = [Int32](repeating: Self.never, count: a.count * b.count)
        for i in 0...a.count {
            costs[i * width + b.count] = Self.restCost(a.count - i, isOver: isAOver, isOtherOver: isBOver)
        }
        for j in 0...b.count {
            costs[a.count * width + j] = Self.restCost(b.count - j, isOver: isBOver, isOtherOver: isAOver)
        }
        for i in (0..<a.count).reversed() {
            for j in (0..<b.count).reversed() {
                let pair = Self.cost(of: Kinship(a[i], b[j]))
                pairs[i * b.count + j] = pair
                costs[i * width + j] = min(
                    pair + costs[(i + 1) * width + j + 1],
                    Self.onlyCost + min(costs[(i + 1) * width + j], costs[i * width + j + 1]))
            }
        }
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            let cost = costs[i * width + j]
            if pairs[i * b.count + j] + costs[(i + 1) * width + j + 1] == cost {
                moves.append(.pair)
                (i, j) = (i + 1, j + 1)
                continue
            }
            let isAOnly = Self.onlyCost + costs[(i + 1) * width + j] == cost
            let isBOnly = Self.onlyCost + costs[i * width + j + 1] == cost
            if isAOnly, !isBOnly || a[i].precedes(b[j]) {
                moves.append(.only(.a))
                i += 1
            } else {
                moves.append(.only(.b))
                j += 1
            }
        }
    }

    /// What steps cost that are left of one trace when all of the other's have their place. Where the other goes on, it may
    /// have them there; where only this one does, its end is better found later.
    private static func restCost(_ count: Int, isOver: Bool, isOtherOver: Bool) -> Int32 {
        let count = Int32(count)
        if isOtherOver { return count * onlyCost + (isOver ? 0 : 1) }
        return isOver ? 0 : count * onlyCost / 2
    }

    private static func cost(of kinship: Kinship) -> Int32 {
        switch kinship {
        case .same: 0
        case .close: closeCost
        case .distant: distantCost
        case .none: never
        }
    }

    /// The same to the end of both.
    var whole: [Move] {
        let countA = moves.count { $0 != .only(.b) }
        let countB = moves.count { $0 != .only(.a) }
        return moves + Array(repeating: .only(.a), count: a.count - countA)
            + Array(repeating: .only(.b), count: b.count - countB)
    }

    /// The moves up to where the two go on together beyond doubt; nil where they do not.
    var convincing: [Move]? {
        var (i, j) = (0, 0)
        var (weight, onlyCount) = (0, 0)
        for (index, move) in moves.enumerated() {
            switch move {
            case .only(let side):
                weight = 0
                onlyCount += 1
                if side == .a { i += 1 } else { j += 1 }
            case .pair:
                weight += Self.weight(a[i], b[j])
                (i, j) = (i + 1, j + 1)
                if weight >= Self.enoughWeight + min(onlyCount / 4, Self.mostWeight) {
                    // As far as much of the window lies ahead the rest is as good.
                    return Array(moves[...max(index, moves.count / 2)])
                }
            }
        }
        return nil
    }

    /// The more there is that only one has, the more must follow.
    private static let enoughWeight = 4
    private static let mostWeight = 12

    /// How much a pair says: an ACK is like any other.
    private static func weight(_ a: TraceStep, _ b: TraceStep) -> Int {
        switch Kinship(a, b) {
        case .same: a.bytes.count >= 4 ? 2 : 1
        case .close: 2
        case .distant: 1
        case .none: 0
        }
    }
}
