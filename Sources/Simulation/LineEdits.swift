package import Faults
import Line
package import Trace

/// What the faults of a line did to single characters, as a list of faults that do the same: lost and changed ones by
/// their place in what was sent in their direction. It is made of a trace, wherever that was recorded, so what chance did
/// on a real port can be done again, and less of it tried.
///
/// Characters that nobody sent are left out, and so is what a level or a rate did: that comes again by itself.
package struct LineEdits {
    enum Edit: Hashable, Sendable {
        case lost(from: Int, count: Int)
        case changed(at: Int, xor: UInt8)
    }

    private var edits: [(direction: Direction, edit: Edit)] = []

    /// - Parameters:
    ///   - events: of one session, in the order of their times; records must be the host's end (`SessionDescription`).
    ///   - label: of the fault to look at; nil for all.
    package init(of events: [TraceEvent], by label: String? = nil) {
        var host = Pair([UInt8]())
        for case .data(let direction, let bytes) in events.map(\.kind) { host[direction] += bytes }
        /// How many more characters the chip's end has than the host's, up to here.
        var surplus = Pair(0)
        for case .difference(let difference) in events.map(\.kind) {
            let direction = difference.direction
            let place = difference.hostOffset..<(difference.hostOffset + difference.hostCount)
            let chip = difference.chipCharacters
            defer { surplus[direction] += chip.count - place.count }
            guard case .fault(let name) = difference.cause, label == nil || name == label,
                place.upperBound <= host[direction].count
            else { continue }
            let (sent, left) =
                direction == .hostToChip ? (Array(host[direction][place]), chip) : (chip, Array(host[direction][place]))
            let start = place.lowerBound + (direction == .hostToChip ? 0 : surplus[direction])
            add(Self.script(from: sent, to: left, at: start), direction)
        }
    }

    private mutating func add(_ script: [Edit], _ direction: Direction) {
        for edit in script {
            if case .lost(let from, let count) = edit, let last = edits.lastIndex(where: { $0.direction == direction }),
                case .lost(let before, let already) = edits[last].edit, before + already == from
            {
                edits[last].edit = .lost(from: before, count: already + count)
            } else {
                edits.append((direction, edit))
            }
        }
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

    /// The single effects that make `left` of `sent`. - Parameter start: the place of `sent`'s first character.
    static func script(from sent: [UInt8], to left: [UInt8], at start: Int) -> [Edit] {
        // Nothing can be taken away to make more: what is longer came from elsewhere.
        guard left.count <= sent.count else { return [] }
        return shortest(from: sent, to: left, at: start)
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
