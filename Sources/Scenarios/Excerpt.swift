/// A piece of somebody's text in a message: at most 60 characters, and without anything a terminal obeys.
package func excerpt(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(60)
    return harmless(String(start)) + (start.endIndex < text.unicodeScalars.endIndex ? "…" : "")
}

/// The same between quotation marks.
func quoted(_ text: String) -> String { "\"\(excerpt(text))\"" }

/// Somebody's text with a question mark for whatever a terminal obeys, or makes a text look like another.
package func harmless(_ text: String) -> String {
    text.unicodeScalars.map { $0.isPrintable ? String(Character($0)) : "?" }.joined()
}

extension Unicode.Scalar {
    /// Whether it may stand in a text that people read: it is neither a control character nor one that turns the text's
    /// direction, breaks its line or is not seen.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: false
        // Some scripts and pictures are written with the joiners.
        case .format: self == "\u{200C}" || self == "\u{200D}"
        default: !properties.isNoncharacterCodePoint
        }
    }
}
