package import Faults
package import Line

/// What became of the characters of a trial, as a list of single effects: lost and changed ones by their place in what
/// was sent in their direction.
///
/// It is one way to make what arrived of what was sent, and the shortest where that can be found with little effort; not
/// necessarily what a fault did. Characters that nobody sent are left out.
package struct LineEdits: Sendable {
    enum Edit: Hashable, Sendable {
        case lost(from: Int, count: Int)
        case changed(at: Int, xor: UInt8)
    }

    package init() {}

    private var edits: [(direction: Direction, edit: Edit)] = []
    private var counts = Pair(0)

    /// A run came to the faults, and this is what they left of it.
    package mutating func add(_ sent: Span<UInt8>, left: Span<UInt8>, _ direction: Direction) {
        let start = counts[direction]
        counts[direction] += sent.count
        let (sent, left) = (sent.withUnsafeBufferPointer { Array($0) }, left.withUnsafeBufferPointer { Array($0) })
        guard sent != left else { return }
        edits += Self.script(from: sent, to: left, at: start).map { (direction, $0) }
    }

    /// As faults, each direction's last one first. A fault counts the characters that come to it, so what a later one takes
    /// away must not shift the place of an earlier one, whichever of them are left out.
    package var faults: [FaultChoice] {
        Direction.allCases.flatMap { direction in
            edits.filter { $0.direction == direction }.reversed().map { _, edit in
                switch edit {
                case .lost(let from, let count):
                    FaultChoice("lose-characters", direction: direction, values: ["from": from, "count": count])
                case .changed(let at, let xor):
                    FaultChoice("change-characters", direction: direction, values: ["at": at, "xor": Int(xor)])
                }
            }
        }
    }

    // MARK: The script

    /// So many characters alike in a row mean that the two have found together again.
    private static let likeness = 24
    /// So far ahead it is looked for.
    private static let sight = 256

    /// - Parameter start: the place of `sent`'s first character.
    static func script(from sent: [UInt8], to left: [UInt8], at start: Int) -> [Edit] {
        // Nothing can be taken away to make more: what is longer came from elsewhere.
        guard left.count <= sent.count else { return [] }
        var edits: [Edit] = []
        var (old, new) = (sent[...], left[...])
        while !old.isEmpty {
            let alike = zip(old, new).prefix { $0 == $1 }.count
            (old, new) = (old.dropFirst(alike), new.dropFirst(alike))
            let (gone, come) = meeting(of: old, and: new)
            edits += shortest(
                from: Array(old.prefix(gone)), to: Array(new.prefix(come)), at: start + old.startIndex)
            (old, new) = (old.dropFirst(gone), new.dropFirst(come))
        }
        return edits
    }

    /// How many characters of either lie before the place from which on the two are alike for a while; all of them where
    /// there is no such place near.
    private static func meeting(of old: ArraySlice<UInt8>, and new: ArraySlice<UInt8>) -> (Int, Int) {
        let spare = old.count - new.count
        for gone in 0..<max(0, min(sight, old.count - likeness)) {
            for come in max(0, gone - spare)...gone where come <= new.count - likeness {
                if old.dropFirst(gone).prefix(likeness) == new.dropFirst(come).prefix(likeness) { return (gone, come) }
            }
        }
        return (old.count, new.count)
    }

    /// More characters are not compared each with each.
    private static let comparedLimit = 1500

    /// The first characters are changed, the last ones lost.
    private static func straight(from old: [UInt8], to new: [UInt8], at start: Int) -> [Edit] {
        var edits = new.indices.filter { old[$0] != new[$0] }.map {
            Edit.changed(at: start + $0, xor: old[$0] ^ new[$0])
        }
        if old.count > new.count { edits.append(.lost(from: start + new.count, count: old.count - new.count)) }
        return edits
    }

    /// With the fewest characters lost or changed: the edit distance without insertions.
    private static func shortest(from old: [UInt8], to new: [UInt8], at start: Int) -> [Edit] {
        let width = new.count + 1
        guard old.count <= comparedLimit else { return straight(from: old, to: new, at: start) }
        // What it costs to make new[j...] of old[i...], by i and j; impossible where more is left to make than there is.
        let impossible = Int32.max / 2
        var costs = [Int32](repeating: impossible, count: (old.count + 1) * width)
        for i in (0...old.count).reversed() {
            for j in (0...new.count).reversed() where new.count - j <= old.count - i {
                if i == old.count {
                    costs[i * width + j] = 0
                    continue
                }
                let losing = costs[(i + 1) * width + j] + 1
                let keeping =
                    j < new.count ? costs[(i + 1) * width + j + 1] + (old[i] == new[j] ? 0 : 1) : impossible
                costs[i * width + j] = min(losing, keeping)
            }
        }
        var edits: [Edit] = []
        var j = 0
        for i in old.indices {
            let keeping =
                j < new.count ? costs[(i + 1) * width + j + 1] + (old[i] == new[j] ? 0 : 1) : impossible
            if keeping <= costs[(i + 1) * width + j] + 1 {
                if old[i] != new[j] { edits.append(.changed(at: start + i, xor: old[i] ^ new[j])) }
                j += 1
            } else if case .lost(let from, let count)? = edits.last, from + count == start + i {
                edits[edits.count - 1] = .lost(from: from, count: count + 1)
            } else {
                edits.append(.lost(from: start + i, count: 1))
            }
        }
        return edits
    }
}
