/// A picture made of rectangles, lines and words, as SVG text that reads well on a light and on a dark page.
///
/// Colours are names of a style, so that one picture serves both pages. Numbers are whole: the same picture is the same
/// text on every machine.
struct Canvas {
    /// What a thing means; the style decides how that looks.
    enum Tone: String, CaseIterable {
        case plain, faint, good, fair, bad, mark, other
    }

    enum Anchor: String {
        case start, middle, end
    }

    let width: Int
    let height: Int
    let title: String
    private var body: [String] = []

    init(width: Int, height: Int, title: String) {
        self.width = width
        self.height = height
        self.title = title
        text(title, x: 16, y: 26, size: 15, isBold: true)
    }

    /// - Parameters:
    ///   - opacity: in hundredths.
    ///   - hint: what a pointer that rests on it is told.
    mutating func rect(
        x: Int, y: Int, width: Int, height: Int, tone: Tone, opacity: Int = 100, hint: String? = nil
    ) {
        let fade = opacity == 100 ? "" : " fill-opacity=\"\(Self.fraction(opacity))\""
        let hint = hint.map { "<title>\(Self.escaped($0))</title>" } ?? ""
        body.append(
            "<rect class=\"\(tone.rawValue)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"\(fade)>"
                + "\(hint)</rect>")
    }

    /// - Parameter isUpright: it climbs, for names that are longer than their place is wide.
    mutating func text(
        _ text: String, x: Int, y: Int, tone: Tone = .plain, anchor: Anchor = .start, size: Int = 12,
        isBold: Bool = false, isUpright: Bool = false
    ) {
        let weight = isBold ? " font-weight=\"bold\"" : ""
        let turn = isUpright ? " transform=\"rotate(-60 \(x) \(y))\"" : ""
        body.append(
            "<text class=\"\(tone.rawValue)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor.rawValue)\" "
                + "font-size=\"\(size)\"\(weight)\(turn)>\(Self.escaped(text))</text>")
    }

    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), tone: Tone = .faint) {
        body.append(
            "<line class=\"\(tone.rawValue)\" x1=\"\(start.x)\" y1=\"\(start.y)\" x2=\"\(end.x)\" y2=\"\(end.y)\"/>")
    }

    /// The picture as a file's text.
    var document: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
        font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">
        <title>\(Self.escaped(title))</title>
        <style>\(Self.style)</style>
        <rect class="page" width="\(width)" height="\(height)" rx="8"/>
        \(body.joined(separator: "\n"))
        </svg>

        """
    }

    /// Blue and orange tell good and bad apart for those to whom red and green are one.
    private static let style = """
        .page{fill:#fff}.plain{fill:#1f2328}.faint{fill:#e7eaee;stroke:#c5ccd3}text.faint{fill:#59636e;stroke:none}\
        .good{fill:#1f6fb4}.fair{fill:#8dbbe0}.bad{fill:#d9730d}.mark{fill:#6e40c9;stroke:#6e40c9}.other{fill:#8c959f}\
        text.page{fill:#fff}rect.faint{stroke:none}text.mark{stroke:none}\
        @media (prefers-color-scheme:dark){.page{fill:#0d1117}.plain{fill:#e6edf3}.faint{fill:#21262d;stroke:#3d444d}\
        text.faint{fill:#9198a1}.good{fill:#4493d8}.fair{fill:#2a5884}.bad{fill:#e08a3c}.mark{fill:#a683f0;stroke:#a683f0}}
        """

    private static func fraction(_ hundredths: Int) -> String {
        hundredths < 10 ? "0.0\(hundredths)" : "0.\(hundredths)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
