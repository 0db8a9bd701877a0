/// Somebody's text as a terminal may be given it: what a terminal obeys, or what makes a text look like another, becomes
/// `\u{1B}` and the like; a byte that is no UTF-8, `\xE9`.
package func printable(_ text: String) -> String {
    var safe = ""
    for scalar in legible(text).unicodeScalars {
        if scalar.isPrintable {
            safe.unicodeScalars.append(scalar)
        } else {
            safe += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }
    return safe
}

/// The same between quotation marks.
package func quoted(_ text: String) -> String { "\"" + printable(text) + "\"" }

/// A piece of somebody's text in a message: at most 60 characters, and as `printable` has it.
package func excerpt(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(60)
    return printable(String(start)) + (start.endIndex < text.unicodeScalars.endIndex ? "…" : "")
}

/// The same between quotation marks.
package func quotedExcerpt(_ text: String) -> String { "\"" + excerpt(text) + "\"" }

extension Unicode.Scalar {
    /// Whether it may stand in a text that people read: it is neither a control character nor one that turns the text's
    /// direction, breaks its line or is not seen.
    package var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: false
        // Some scripts and pictures are written with the joiners.
        case .format: self == "\u{200C}" || self == "\u{200D}"
        default: !properties.isNoncharacterCodePoint
        }
    }
}
