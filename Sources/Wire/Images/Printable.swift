/// Text from a file as a terminal may be given it: control characters, which could move the cursor or worse, become
/// `\u{1B}` and the like.
package func printable(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
            safe += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        default:
            safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

/// The same between quotation marks.
package func quoted(_ text: String) -> String { "\"" + printable(text) + "\"" }
