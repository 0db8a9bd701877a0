package import Line
import Words

/// A value of a file, and where it stands. What it is to be is said by whoever reads it.
package struct YAMLValue: Sendable {
    package enum Content: Sendable {
        case text(String)
        case list([YAMLValue])
        case section([(key: String, value: YAMLValue)])

        /// For messages: what it is.
        var kind: String {
            switch self {
            case .text: "a single value"
            case .list: "a list"
            case .section: "a section"
            }
        }
    }

    package let file: String
    package let line: Int
    /// With those it lies under: `flash.size`, `parts[3].id`; empty for the whole file.
    package let key: String
    package let content: Content

    /// What is wrong with it, as an error.
    package func problem(_ message: String) -> FileProblem {
        FileProblem(file: file, line: line, key: key, message: message)
    }

    // MARK: Readings

    /// As it stands.
    package func text() throws(FileProblem) -> String {
        guard case .text(let text) = content else { throw problem("expected a single value, found \(content.kind)") }
        return text
    }

    /// A name: letters, digits, - and _, 1 to 40 of them; what a terminal or a file's name can bear.
    package func name() throws(FileProblem) -> String {
        let text = try text()
        let isName =
            (1...40).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard isName else {
            throw problem("\(quotedExcerpt(text)) is no name: 1 to 40 letters, digits, - and _")
        }
        return text
    }

    /// Its items, at least one.
    package func list() throws(FileProblem) -> [YAMLValue] {
        guard case .list(let items) = content else { throw problem("expected a list, found \(content.kind)") }
        guard !items.isEmpty else { throw problem("the list is empty") }
        return items
    }

    /// A section that has none but these keys.
    package func section(_ keys: [String]) throws(FileProblem) -> Section {
        try Section(self, keys: keys)
    }

    /// One of a few words.
    package func word<Word>(_ type: Word.Type = Word.self) throws(FileProblem) -> Word
    where Word: RawRepresentable<String> & CaseIterable {
        let text = try text()
        guard let word = Word(rawValue: text) else { throw notAmong(Word.allCases.map(\.rawValue), text) }
        return word
    }

    /// Which way.
    package func direction() throws(FileProblem) -> Direction {
        let text = try text()
        guard let direction = Direction(name: text) else { throw notAmong(Direction.allCases.map(\.name), text) }
        return direction
    }

    /// One of a few words that are only known at run time.
    package func word(among words: [String]) throws(FileProblem) -> String {
        let text = try text()
        guard words.contains(text) else { throw notAmong(words, text) }
        return text
    }

    /// What `read` makes of it; nil when it says `unknown`.
    package func ifKnown<Result>(
        _ read: (YAMLValue) throws(FileProblem) -> Result
    ) throws(FileProblem) -> Result? {
        if case .text("unknown") = content { return nil }
        return try read(self)
    }

    /// A plain number.
    package func number(in range: ClosedRange<Int>) throws(FileProblem) -> Int {
        let text = try text()
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw problem("\(quotedExcerpt(text)) is no whole number")
        }
        // What does not fit into an Int is out of every range, too.
        let number = Int(text)
        guard let number, range.contains(number) else {
            let found = number.map(String.init) ?? quotedExcerpt(text)
            throw problem("\(found) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    private func notAmong(_ words: [String], _ text: String) -> FileProblem {
        problem("\(quotedExcerpt(text)) is not known here" + Nearest.advice(for: text, among: words))
    }
}

/// Keys and their values.
package struct Section: Sendable {
    private let value: YAMLValue
    private let entries: [(key: String, value: YAMLValue)]

    /// - Throws: `FileProblem` for what is no section, or has a key that is not among `keys`.
    init(_ value: YAMLValue, keys: [String]) throws(FileProblem) {
        guard case .section(let entries) = value.content else {
            throw value.problem("expected a section with keys, found \(value.content.kind)")
        }
        for entry in entries where !keys.contains(entry.key) {
            let advice = keys.isEmpty ? "; no key is" : Nearest.advice(for: entry.key, among: keys)
            throw entry.value.problem("this key is not known here" + advice)
        }
        self.value = value
        self.entries = entries
    }

    /// The value of a key that must be there.
    package func value(_ key: String) throws(FileProblem) -> YAMLValue {
        guard let found = optional(key) else { throw value.problem("the key \"\(key)\" is missing") }
        return found
    }

    /// The value of a key that may be left out.
    package func optional(_ key: String) -> YAMLValue? {
        entries.first { $0.key == key }?.value
    }
}
