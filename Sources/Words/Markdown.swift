/// Markdown as far as lessons have it: paragraphs, lists, fenced blocks, `code` and *emphasis*. HTML comments are left out.
package enum Markdown {
    package enum Block: Hashable, Sendable {
        case paragraph(String)
        /// Items, and whether they are numbered.
        case list([String], isNumbered: Bool)
        case code([String])
    }

    /// A text's blocks, in their order. Lines that belong together are joined.
    package static func blocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var lines: [String] = []
        var code: [String]?
        func end() {
            if let block = block(of: lines) { blocks.append(block) }
            lines = []
        }
        for line in withoutComments(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                if let block = code {
                    blocks.append(.code(block))
                    code = nil
                } else {
                    end()
                    code = []
                }
            } else if code != nil {
                code?.append(line)
            } else if line.allSatisfy({ $0 == " " || $0 == "\t" || $0 == "\r" }) {
                end()
            } else {
                lines.append(line)
            }
        }
        if let code { blocks.append(.code(code)) }
        end()
        return blocks
    }

    private static func withoutComments(_ text: String) -> String {
        var (rest, kept) = (Substring(text), "")
        while let start = rest.firstRange(of: "<!--") {
            kept += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "-->") else { return kept }
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }

    private static func block(of lines: [String]) -> Block? {
        guard let first = lines.first else { return nil }
        guard let (_, isNumbered) = item(first) else {
            return .paragraph(lines.map(trimmed).joined(separator: " "))
        }
        var items: [String] = []
        for line in lines {
            if let (text, _) = item(line) {
                items.append(text)
            } else {
                items[items.count - 1] += " " + trimmed(line)
            }
        }
        return .list(items, isNumbered: isNumbered)
    }

    /// What stands after a list's sign; nil for a line that has none.
    private static func item(_ line: String) -> (text: String, isNumbered: Bool)? {
        let line = trimmed(line)
        for sign in ["- ", "* "] where line.hasPrefix(sign) { return (trimmed(String(line.dropFirst(2))), false) }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard (1...3).contains(digits.count), line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (trimmed(String(line.dropFirst(digits.count + 2))), true)
    }

    private static func trimmed(_ line: String) -> String {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        var line = line[...]
        while let first = line.first, blanks.contains(first) { line.removeFirst() }
        while let last = line.last, blanks.contains(last) { line.removeLast() }
        return String(line)
    }
}

/// Markdown for a terminal.
package struct MarkdownText: Sendable {
    /// Columns.
    package var width: Int
    /// Whether there are ANSI colours: code is cyan, emphasis is bold.
    package var isColoured: Bool

    package init(width: Int, isColoured: Bool) {
        (self.width, self.isColoured) = (max(20, width), isColoured)
    }

    /// The lines of a text, an empty one between its blocks.
    package func lines(_ text: String) -> [String] {
        var lines: [String] = []
        for block in Markdown.blocks(text) {
            if !lines.isEmpty { lines.append("") }
            switch block {
            case .paragraph(let text): lines += wrapped(text, margin: "", rest: "")
            case .list(let items, let isNumbered):
                for (index, item) in items.enumerated() {
                    let sign = isNumbered ? "\(index + 1). " : "- "
                    lines += wrapped(item, margin: sign, rest: String(repeating: " ", count: sign.count))
                }
            case .code(let code): lines += code.map { "    " + paint($0, 36) }
            }
        }
        return lines
    }

    private func wrapped(_ text: String, margin: String, rest: String) -> [String] {
        let lines = Format.wrapped(text, width: width - margin.count)
        var (isCode, isStrong) = (false, false)
        return lines.enumerated().map { (index, line) in
            (index == 0 ? margin : rest) + decorated(line, &isCode, &isStrong)
        }
    }

    /// Signs become colours, or go.
    private func decorated(_ line: String, _ isCode: inout Bool, _ isStrong: inout Bool) -> String {
        var (out, run) = ("", "")
        func flush() {
            out += paint(run, isCode ? 36 : isStrong ? 1 : nil)
            run = ""
        }
        // **Strong** and *strong* are the same here.
        for character in line.replacing("**", with: "*") {
            switch character {
            case "`":
                flush()
                isCode.toggle()
            case "*" where !isCode:
                flush()
                isStrong.toggle()
            default: run.append(character)
            }
        }
        flush()
        return out
    }

    private func paint(_ text: String, _ colour: Int?) -> String {
        guard isColoured, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }
}
