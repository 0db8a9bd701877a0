/// Which bytes of a step differ, with some around them.
package struct ByteChanges: Sendable {
    /// Up to 16 bytes of both, one above the other.
    package struct Row: Sendable {
        /// Of the first byte of each, in its step.
        package var offset: Int
        package var a: ArraySlice<UInt8>
        package var b: ArraySlice<UInt8>
        /// For each column, whether the two differ in it.
        package var differs: [Bool]
    }

    /// Where the first of them is.
    package private(set) var firstOffset = 0
    /// How many of A's there are, and of B's: two steps of one length have the same places.
    package private(set) var countA = 0
    package private(set) var countB = 0
    /// The first rows with a difference.
    package private(set) var rows: [Row] = []
    /// Whether there are more.
    package private(set) var hasMore = false

    /// Bytes of a row.
    package static let rowByteCount = 16
    private static let mostRows = 4
    /// Where more than so many differ, one row says as much as four.
    private static let manyBytes = 64
    private var rowLimit: Int { max(countA, countB) > Self.manyBytes ? 1 : Self.mostRows }

    package init(_ a: [UInt8], _ b: [UInt8]) {
        if a.count == b.count { compareInPlace(a, b) } else { compareMiddles(a, b) }
    }

    private mutating func compareInPlace(_ a: [UInt8], _ b: [UInt8]) {
        let places = a.indices.filter { a[$0] != b[$0] }
        firstOffset = places.first ?? 0
        (countA, countB) = (places.count, places.count)
        var last = -1
        for place in places where place / Self.rowByteCount != last {
            last = place / Self.rowByteCount
            guard rows.count < rowLimit else {
                hasMore = true
                return
            }
            addRow(a, b, at: last * Self.rowByteCount) { a[$0] != b[$0] }
        }
    }

    /// Of two lengths: what is left without what they begin and end with in common.
    private mutating func compareMiddles(_ a: [UInt8], _ b: [UInt8]) {
        let (head, tail) = commonEnds(a, b)
        firstOffset = head
        (countA, countB) = (a.count - head - tail, b.count - head - tail)
        let start = head / Self.rowByteCount * Self.rowByteCount
        let end = max(head + countA, head + countB)
        for row in stride(from: start, to: end, by: Self.rowByteCount) {
            guard rows.count < rowLimit else {
                hasMore = true
                return
            }
            addRow(a, b, at: row) { $0 >= head && $0 < end }
        }
    }

    private mutating func addRow(_ a: [UInt8], _ b: [UInt8], at start: Int, differs: (Int) -> Bool) {
        let end = min(start + Self.rowByteCount, max(a.count, b.count))
        rows.append(
            Row(
                offset: start, a: a[min(start, a.count)..<min(end, a.count)],
                b: b[min(start, b.count)..<min(end, b.count)], differs: (start..<end).map(differs)))
    }
}
