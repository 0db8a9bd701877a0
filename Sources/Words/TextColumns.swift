/// Rows of text in columns two blanks apart.
package struct TextColumns {
    /// Which columns have their text at the right, for numbers.
    package var rightAligned: Set<Int> = []
    /// Blanks before each row.
    package var indent = 2
    private var rows: [[String]] = []

    package init(rightAligned: Set<Int> = [], indent: Int = 2) {
        self.rightAligned = rightAligned
        self.indent = indent
    }

    package mutating func add(_ cells: String...) { rows.append(cells) }

    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// One line a row; a row with fewer cells leaves the last columns empty.
    package var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map {
                rightAligned.contains($0) ? Format.right(row[$0], widths[$0]) : Format.left(row[$0], widths[$0])
            }
            var line = String(repeating: " ", count: indent) + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
