/// How often each of a few things happened.
struct Bars {
    struct Bar {
        var name: String
        var count: Int
        var tone: Canvas.Tone
    }

    var title: String
    var bars: [Bar]
    /// Below the bars: of what, and from which command.
    var note: String

    var canvas: Canvas {
        let nameWidth = 150
        let most = max(1, bars.map(\.count).max() ?? 1)
        let total = max(1, bars.reduce(0) { $0 + $1.count })
        var canvas = Canvas(width: 640, height: 70 + bars.count * 28, title: title)
        for (index, bar) in bars.enumerated() {
            let y = 44 + index * 28
            canvas.text(bar.name, x: nameWidth, y: y + 14, anchor: .end)
            let length = bar.count * 380 / most
            canvas.rect(x: nameWidth + 10, y: y, width: max(1, length), height: 20, tone: bar.tone)
            let permille = (bar.count * 1000 + total / 2) / total
            canvas.text("\(bar.count) (\(permille / 10).\(permille % 10) %)", x: nameWidth + 18 + length, y: y + 14)
        }
        canvas.text(note, x: 16, y: 60 + bars.count * 28, tone: .faint, size: 11)
        return canvas
    }
}
