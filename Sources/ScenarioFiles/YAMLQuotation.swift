import Words

/// A text as a double-quoted scalar of YAML, on one line. What only looks like an anchor or an alias is escaped as well,
/// for our own reader refuses both; so is what YAML would take for the end of a line, or for nothing at all.
func yamlQuotation(_ text: String) -> String {
    var quotation = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quotation += "\\\""
        case "\\": quotation += "\\\\"
        case "\n": quotation += "\\n"
        case "\t": quotation += "\\t"
        case "&", "*": quotation += escaped(scalar)
        case _ where scalar.isPrintable: quotation.unicodeScalars.append(scalar)
        default: quotation += escaped(scalar)
        }
    }
    return quotation + "\""
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, count) = digits.count <= 2 ? ("x", 2) : digits.count <= 4 ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: count - digits.count) + digits
}
