/// What moves say of the steps that they are about.
struct EditScript {
    private(set) var findings: [Finding] = []
    /// How many steps of each trace it is about.
    private(set) var countA = 0
    private(set) var countB = 0

    private let a: [TraceStep]
    private let b: [TraceStep]
    /// Steps that only one trace seemed to have, and the other has at another place beside the other lane's.
    private var partners: [Int: Finding] = [:]
    /// Steps that are told with others.
    private var told: (a: Set<Int>, b: Set<Int>) = ([], [])

    init(_ moves: [EditPath.Move], _ a: [TraceStep], _ b: [TraceStep]) {
        (self.a, self.b) = (a, b)
        for lane in TraceStep.Lane.allCases { findPartners(moves, lane) }
        // Of what only one has, A's comes before B's.
        var onlyB: [Finding] = []
        for move in moves {
            switch move {
            case .pair:
                findings += onlyB + [Self.pair(a[countA], b[countB])]
                onlyB = []
                (countA, countB) = (countA + 1, countB + 1)
            case .only(.a):
                if let partner = partners[countA] {
                    findings += onlyB + [partner]
                    onlyB = []
                } else if !told.a.contains(countA) {
                    findings.append(.only(.a, a[countA]))
                }
                countA += 1
            case .only(.b):
                if !told.b.contains(countB) { onlyB.append(.only(.b, b[countB])) }
                countB += 1
            }
        }
        findings += onlyB
    }

    private static func pair(_ a: TraceStep, _ b: TraceStep) -> Finding {
        a.isSame(as: b) ? .same(a, b) : .changed(a, b)
    }

    /// Between two pairs of a lane: what only one has and the other as well, where the other lane's steps come in
    /// another order.
    private mutating func findPartners(_ moves: [EditPath.Move], _ lane: TraceStep.Lane) {
        var (i, j) = (0, 0)
        var (onlyA, onlyB): ([Int], [Int]) = ([], [])
        for move in moves {
            switch move {
            case .pair:
                if a[i].lane == lane {
                    align(onlyA, onlyB)
                    (onlyA, onlyB) = ([], [])
                }
                (i, j) = (i + 1, j + 1)
            case .only(.a):
                if a[i].lane == lane { onlyA.append(i) }
                i += 1
            case .only(.b):
                if b[j].lane == lane { onlyB.append(j) }
                j += 1
            }
        }
        align(onlyA, onlyB)
    }

    private mutating func align(_ onlyA: [Int], _ onlyB: [Int]) {
        guard !onlyA.isEmpty, !onlyB.isEmpty else { return }
        let (stepsA, stepsB) = (onlyA.map { a[$0] }, onlyB.map { b[$0] })
        if !(stepsA + stepsB).contains(where: \.isPort), stepsA.flatMap(\.bytes) == stepsB.flatMap(\.bytes) {
            // The same bytes, which are not cut alike.
            partners[onlyA[0]] = .same(TraceStep.joined(stepsA), TraceStep.joined(stepsB))
            told.a.formUnion(onlyA.dropFirst())
            told.b.formUnion(onlyB)
            return
        }
        let path = EditPath(stepsA, stepsB, isAOver: true, isBOver: true)
        var (i, j) = (0, 0)
        for move in path.whole {
            switch move {
            case .pair:
                partners[onlyA[i]] = Self.pair(a[onlyA[i]], b[onlyB[j]])
                told.b.insert(onlyB[j])
                (i, j) = (i + 1, j + 1)
            case .only(.a): i += 1
            case .only(.b): j += 1
            }
        }
    }
}
