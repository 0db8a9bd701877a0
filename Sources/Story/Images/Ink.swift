/// ANSI colours, or none.
struct Ink {
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case cyan = 36
        case faint = 2
        case bold = 1
    }

    var isColoured: Bool

    func callAsFunction(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
