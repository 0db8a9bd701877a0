/// What the faults made of one run: which of its characters are left, and which fault did what to the others.
///
/// Costs nothing for a run that no fault touched.
struct RunFate: Sendable {
    /// A place where what is left is not what was sent.
    struct Change: Hashable {
        /// In what is left.
        var left: Range<Int>
        /// In what was sent.
        var sent: Range<Int>
        /// The fault's place in the chain.
        var fault: Int
    }

    private(set) var isTouched = false
    /// From here on what was sent is held back; nil where nothing is.
    private(set) var heldFrom: Int?
    private var sentCount = 0
    /// For each character that is left: its place in what was sent, or `added`.
    private var origins: [Int32] = []
    /// For each character that is left: the fault that changed or added it, or `none`.
    private var authors: [Int16] = []
    /// For each character that was sent: the fault that lost it, or `none`, or `held`.
    private var losers: [Int16] = []
    private var spareOrigins: [Int32] = []
    private var spareAuthors: [Int16] = []

    private static let added: Int32 = -1
    private static let none: Int16 = -1
    private static let held: Int16 = -2

    mutating func begin(with count: Int) {
        isTouched = false
        heldFrom = nil
        sentCount = count
    }

    /// A run that was not sent: a fault put all of it on the wire.
    mutating func beginAdded(_ count: Int, by fault: Int) {
        begin(with: 0)
        touch()
        origins.append(contentsOf: repeatElement(Self.added, count: count))
        authors.append(contentsOf: repeatElement(Int16(fault), count: count))
    }

    /// What became so far of the last part of what is left, as a run of its own, which is met again later; here
    /// nothing more is reported of it.
    /// - Returns: also where in what was sent the part lies.
    mutating func takePart(_ range: Range<Int>) -> (fate: RunFate, sent: Range<Int>) {
        let isWhole = !isTouched
        touch()
        // What was lost before the first of them belongs to them where nothing else is left.
        let first = range.lowerBound == 0 ? 0 : sentPlace(of: range.lowerBound)
        let sent = first..<(heldFrom ?? sentCount)
        var part = RunFate()
        part.begin(with: sent.count)
        heldFrom = first
        guard !isWhole else {
            for place in sent { losers[place] = Self.held }
            return (part, sent)
        }
        part.touch()
        part.origins = origins[range].map { $0 == Self.added ? $0 : $0 - Int32(first) }
        part.authors = Array(authors[range])
        part.losers = Array(losers[sent])
        for place in sent { losers[place] = Self.held }
        return (part, sent)
    }

    /// All that was left has been taken.
    mutating func leaveNothing() {
        origins.removeAll(keepingCapacity: true)
        authors.removeAll(keepingCapacity: true)
    }

    /// Where characters that were sent are now; empty where none of them is left.
    func leftPlace(of sent: Range<Int>) -> Range<Int> {
        guard isTouched else { return sent }
        let first = origins.firstIndex { $0 >= Int32(sent.lowerBound) } ?? origins.count
        let last = origins.lastIndex { $0 != Self.added && $0 < Int32(sent.upperBound) }
        return first..<max(first, last.map { $0 + 1 } ?? first)
    }

    /// The place in what was sent of a character that is left, or of the next one that was.
    func sentPlace(of index: Int) -> Int {
        guard isTouched else { return index }
        return origins[index...].first { $0 != Self.added }.map(Int.init) ?? sentCount
    }

    /// Carries out a verdict.
    mutating func apply(_ verdict: FaultVerdict, by fault: Int, to run: inout [UInt8], spare: inout [UInt8]) {
        touch()
        spare.removeAll(keepingCapacity: true)
        spareOrigins.removeAll(keepingCapacity: true)
        spareAuthors.removeAll(keepingCapacity: true)
        var next = 0
        for act in verdict.acts {
            keep(next..<act.place.lowerBound, of: run, into: &spare)
            switch act {
            case .lose(let range): for index in range { lose(index, to: Int16(fault)) }
            case .hold(let range, _): for index in range { lose(index, to: Self.held) }
            case .change(let index, let mask):
                spare.append(run[index] ^ mask)
                spareOrigins.append(origins[index])
                spareAuthors.append(Int16(fault))
            case .add(let characters, _):
                spare += characters
                spareOrigins.append(contentsOf: repeatElement(Self.added, count: characters.count))
                spareAuthors.append(contentsOf: repeatElement(Int16(fault), count: characters.count))
            }
            next = act.place.upperBound
        }
        keep(next..<run.count, of: run, into: &spare)
        swap(&run, &spare)
        swap(&origins, &spareOrigins)
        swap(&authors, &spareAuthors)
    }

    /// Where what is left is not what was sent, in order. Held characters are no change: they come later.
    func changes() -> [Change] {
        guard isTouched else { return [] }
        var changes: [Change] = []
        var sent = 0
        for index in origins.indices {
            let origin = Int(origins[index])
            if origin < 0 {
                add(Change(left: index..<(index + 1), sent: sent..<sent, fault: Int(authors[index])), to: &changes)
                continue
            }
            addLost(sent..<origin, at: index, to: &changes)
            if authors[index] >= 0 {
                add(
                    Change(left: index..<(index + 1), sent: origin..<(origin + 1), fault: Int(authors[index])),
                    to: &changes)
            }
            sent = origin + 1
        }
        addLost(sent..<sentCount, at: origins.count, to: &changes)
        return changes
    }

    private mutating func touch() {
        guard !isTouched else { return }
        isTouched = true
        origins.removeAll(keepingCapacity: true)
        authors.removeAll(keepingCapacity: true)
        losers.removeAll(keepingCapacity: true)
        origins.append(contentsOf: 0..<Int32(sentCount))
        authors.append(contentsOf: repeatElement(Self.none, count: sentCount))
        losers.append(contentsOf: repeatElement(Self.none, count: sentCount))
    }

    private mutating func keep(_ range: Range<Int>, of run: [UInt8], into spare: inout [UInt8]) {
        spare += run[range]
        spareOrigins += origins[range]
        spareAuthors += authors[range]
    }

    private mutating func lose(_ index: Int, to fault: Int16) {
        if origins[index] != Self.added { losers[Int(origins[index])] = fault }
    }

    private func addLost(_ range: Range<Int>, at left: Int, to changes: inout [Change]) {
        for place in range where losers[place] >= 0 {
            add(Change(left: left..<left, sent: place..<(place + 1), fault: Int(losers[place])), to: &changes)
        }
    }

    /// Joins what one fault did to neighbours in one way.
    private func add(_ change: Change, to changes: inout [Change]) {
        if let last = changes.last, last.fault == change.fault, last.left.upperBound == change.left.lowerBound,
            last.sent.upperBound == change.sent.lowerBound, last.left.isEmpty == change.left.isEmpty,
            last.sent.isEmpty == change.sent.isEmpty
        {
            changes[changes.count - 1].left = last.left.lowerBound..<change.left.upperBound
            changes[changes.count - 1].sent = last.sent.lowerBound..<change.sent.upperBound
        } else {
            changes.append(change)
        }
    }
}
