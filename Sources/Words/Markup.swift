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
