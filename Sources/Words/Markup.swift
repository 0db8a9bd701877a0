/// Somebody's text as HTML, in an element or a quoted attribute; what is not seen is spelled out, as `printable` does it.
package func markup(_ text: String) -> String {
    var safe = ""
    for scalar in printable(text).unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

/// The same for an element that keeps lines as they are: their ends and tabs stay.
package func markupOfLines(_ text: String) -> String {
    // By scalars: a carriage return and a line feed are one character.
    let parts = { (text: Substring.UnicodeScalarView, separator: Unicode.Scalar) in
        text.split(separator: separator, omittingEmptySubsequences: false)
    }
    return parts(text[...].unicodeScalars, "\n").map { line in
        parts(line, "\t").map { markup(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
}
