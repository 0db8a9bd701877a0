/// Rows and columns of cells with a scale at the side and below: a region, or how often something came true.
struct Grid {
    struct Cell {
        var tone: Canvas.Tone
        /// In hundredths.
        var opacity = 100
        /// What stands in it; a letter or a number.
        var text = ""
        /// What a pointer that rests on it is told.
        var hint: String?
    }

    var title: String
    /// What the columns are, with their unit.
    var columnTitle: String
    var rowTitle: String
    var columns: [String]
    var rows: [String]
    /// By row, then by column.
    var cells: [[Cell]]
    var legend: [(tone: Canvas.Tone, text: String)]
    var cellWidth = 44
    var cellHeight = 24
    var rowLabelWidth = 90
    /// Column names are written upright, because they are words.
    var hasTallColumnNames = false

    var canvas: Canvas {
        let top = 62
        let left = 16 + rowLabelWidth
        let gridWidth = columns.count * cellWidth
        let bottom = top + rows.count * cellHeight
        let nameHeight = hasTallColumnNames ? 110 : 18
        var canvas = Canvas(
            width: max(left + gridWidth + 16, 560), height: bottom + nameHeight + 34 + legend.count * 18, title: title)
        canvas.text(rowTitle, x: 16, y: top - 10, tone: .faint)
        for (row, name) in rows.enumerated() {
            let y = top + row * cellHeight
            canvas.text(name, x: left - 8, y: y + cellHeight / 2 + 4, anchor: .end)
            for (column, cell) in cells[row].enumerated() {
                let x = left + column * cellWidth
                canvas.rect(
                    x: x, y: y, width: cellWidth - 1, height: cellHeight - 1, tone: cell.tone, opacity: cell.opacity,
                    hint: cell.hint)
                if !cell.text.isEmpty {
                    canvas.text(cell.text, x: x + cellWidth / 2, y: y + cellHeight / 2 + 4, anchor: .middle, size: 11)
                }
            }
        }
        for (column, name) in columns.enumerated() where !name.isEmpty {
            canvas.text(
                name, x: left + column * cellWidth + cellWidth / 2, y: bottom + 15,
                anchor: hasTallColumnNames ? .end : .middle, size: 11, isUpright: hasTallColumnNames)
        }
        canvas.text(columnTitle, x: left + gridWidth / 2, y: bottom + nameHeight + 14, tone: .faint, anchor: .middle)
        for (index, entry) in legend.enumerated() {
            let y = bottom + nameHeight + 26 + index * 18
            canvas.rect(x: 16, y: y, width: 12, height: 12, tone: entry.tone)
            canvas.text(entry.text, x: 34, y: y + 10)
        }
        return canvas
    }
}
