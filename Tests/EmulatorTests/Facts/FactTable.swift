import Testing
import Wire
import Words

/// A table of ECR6600 facts as a reader can hold it against the document: one row an exchange, one column a loader.
///
/// ```
/// what              | host                       | 1.3.4 & 1.4.0     | 1.3.11
/// SYN, right word   | A5 00 04 00 'cnys' sum     | 5A 00 00 00 00 00 | 5A 00 00 00 00 5A
/// ```
/// A cell holds steps, parted by `;`: what the host sends, and in the same place what the chip answers to it.
/// - `5A 00` bytes, `00*1024` so many of one, `'cnys'` text (with `\n`, `\r`), `u16:100` and `u32:1FF000` little-endian;
/// - `sum`: the 8-bit sum of the step's bytes before it;
/// - `wait:100`: no bytes, but so many milliseconds;
/// - `-`: nothing; a `…` at the end of an answer: what follows is not this row's business;
/// - `=`: the same as in the column to the left.
struct FactTable: Sendable {
    var section: String
    var rows: [Row]

    struct Row: Sendable {
        var what: String
        var host: String
        /// What each loader answers, by the column's heading.
        var answers: [(loader: String, answer: String)]
    }

    /// One row for one loader.
    struct Case: Sendable, CustomTestStringConvertible {
        var section: String
        var what: String
        var loader: String
        var exchanges: [(host: Step, chip: Answer)]

        var testDescription: String { "\(section) \(what), \(loader)" }
    }

    enum Step: Sendable {
        case bytes([UInt8])
        /// Milliseconds.
        case wait(Int)
    }

    struct Answer: Sendable {
        var bytes: [UInt8]
        var isOnlyTheBeginning: Bool

        func matches(_ heard: [UInt8]) -> Bool {
            isOnlyTheBeginning ? heard.starts(with: bytes) : heard == bytes
        }
    }

    init(_ section: String, _ text: String) {
        self.section = section
        let lines = text.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimming }
        }
        let loaders = lines[0].dropFirst(2).map { heading in heading.split(separator: "&").map { $0.trimming } }
        rows = lines.dropFirst().map { cells in
            precondition(cells.count == lines[0].count, "a row of \(section) has \(cells.count) cells: \(cells)")
            var answers: [(String, String)] = []
            var left = ""
            for (names, cell) in zip(loaders, cells.dropFirst(2)) {
                left = cell == "=" ? left : cell
                answers += names.map { ($0, left) }
            }
            return Row(what: cells[0], host: cells[1], answers: answers)
        }
    }

    /// Every row for every loader that has an answer in it; an empty cell has none.
    var cases: [Case] {
        rows.flatMap { row in
            row.answers.filter { !$0.answer.isEmpty }.map { loader, answer in
                let steps = row.host.split(separator: ";").map(Self.step)
                let answers = answer.split(separator: ";").map(Self.answer)
                precondition(steps.count == answers.count, "\(section) \(row.what): as many answers as steps")
                return Case(
                    section: section, what: row.what, loader: loader,
                    exchanges: zip(steps, answers).map { (host: $0, chip: $1) })
            }
        }
    }

    private static func step(_ text: Substring) -> Step {
        let text = text.trimming
        guard text.hasPrefix("wait:") else { return .bytes(bytes(text)) }
        return .wait(Int(text.dropFirst(5))!)
    }

    private static func answer(_ text: Substring) -> Answer {
        let text = text.trimming
        let isOnlyTheBeginning = text.hasSuffix("…")
        return Answer(
            bytes: bytes(isOnlyTheBeginning ? String(text.dropLast()) : text), isOnlyTheBeginning: isOnlyTheBeginning)
    }

    /// The bytes that a step's tokens stand for.
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for token in tokens(of: text) {
            let parts = token.split(separator: ":")
            if token == "-" {
                continue
            } else if token == "sum" {
                bytes.append(bytes.reduce(0, &+))
            } else if token.hasPrefix("'") {
                bytes += unquoted(token)
            } else if parts[0] == "u16" {
                bytes.append(littleEndian: UInt16(parts[1], radix: 16)!)
            } else if parts[0] == "u32" {
                bytes.append(littleEndian: UInt32(parts[1], radix: 16)!)
            } else if let star = token.firstIndex(of: "*") {
                let byte = UInt8(token[..<star], radix: 16)!
                bytes += [UInt8](repeating: byte, count: Int(token[token.index(after: star)...])!)
            } else {
                bytes.append(UInt8(token, radix: 16)!)
            }
        }
        return bytes
    }

    /// Parted by blanks, except between quotation marks.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var token = ""
        var isQuoted = false
        for character in text {
            if character == "'" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                if !token.isEmpty { tokens.append(token) }
                token = ""
            } else {
                token.append(character)
            }
        }
        return token.isEmpty ? tokens : tokens + [token]
    }

    private static func unquoted(_ token: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in token.utf8.dropFirst().dropLast() {
            if isEscaped {
                bytes.append(byte == UInt8(ascii: "n") ? 0x0A : byte == UInt8(ascii: "r") ? 0x0D : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension FactTable.Case {
    /// Holds one exchange after the other against a chip.
    func check(_ tested: inout ChipUnderTest) {
        for (host, chip) in exchanges {
            let heard: [UInt8]
            switch host {
            case .bytes(let bytes): heard = tested.ask(bytes, for: .milliseconds(70))
            case .wait(let milliseconds):
                tested.run(for: .milliseconds(milliseconds))
                heard = tested.heard()
            }
            let asExpected = chip.matches(heard)
            #expect(
                asExpected,
                "\(testDescription): \(excerpt(heard)) in place of \(excerpt(chip.bytes)) after \(host.excerpt)")
        }
    }

    private func excerpt(_ bytes: [UInt8]) -> String { hexBytes(bytes.prefix(48)) + (bytes.count > 48 ? " …" : "") }
}

extension FactTable.Step {
    var excerpt: String {
        switch self {
        case .bytes(let bytes): hexBytes(bytes.prefix(24)) + (bytes.count > 24 ? " …" : "")
        case .wait(let milliseconds): "\(milliseconds) ms"
        }
    }
}

extension StringProtocol {
    /// Without the blanks at both ends.
    fileprivate var trimming: String {
        let start = firstIndex { $0 != " " } ?? endIndex
        let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
