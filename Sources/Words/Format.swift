/// Numbers as people read them, without Foundation.
package enum Format {
    /// Seconds with six decimals: `0.345355`.
    package static func seconds(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds.magnitude / 1000
        let fraction = String(microseconds % 1_000_000)
        return "\(nanoseconds < 0 ? "-" : "")\(microseconds / 1_000_000).\(zeros(6 - fraction.count))\(fraction)"
    }

    /// In the unit that suits it, three digits: `12.3 ms`.
    package static func duration(_ nanoseconds: Int64) -> String {
        switch nanoseconds {
        case ..<1_000: "\(nanoseconds) ns"
        case ..<1_000_000: "\(threeDigits(nanoseconds, per: 1_000)) µs"
        case ..<1_000_000_000: "\(threeDigits(nanoseconds, per: 1_000_000)) ms"
        default: "\(threeDigits(nanoseconds, per: 1_000_000_000)) s"
        }
    }

    /// `4096 B`, `64 KB`, `25.5 KB`; 1 KB is 1024 bytes.
    package static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<10_000: "\(count) B"
        case ..<(1 << 20): "\(threeDigits(count, per: 1 << 10)) KB"
        default: "\(threeDigits(count, per: 1 << 20)) MB"
        }
    }

    /// Text with blanks behind it, to a width.
    package static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    package static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Lines of at most `width` characters, broken at blanks; a longer word stays whole. At least one line.
    package static func wrapped(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private static func threeDigits(_ value: Int64, per unit: Int64) -> String {
        let whole = value / unit
        let hundredths = value % unit * 100 / unit
        if whole >= 100 || hundredths == 0 { return "\(whole)" }
        if whole >= 10 { return "\(whole).\(hundredths / 10)" }
        return "\(whole).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
}
