import Words
import Yams

/// Reads a file of ours: the part of YAML that says one thing only. Anchors and aliases, a key twice, keys without a
/// value, unquoted words that YAML takes for booleans, and more than a file of ours can need are refused.
package enum YAMLReader {
    /// The longest file, in bytes.
    package static let mostBytes = 128 << 10
    /// How deep values may lie in each other.
    package static let mostLevels = 8
    /// The version of the files' form that this program reads.
    package static let version = 1

    /// YAML 1.1's own list; readers disagree on it, and people mean words.
    private static let booleans: Set<String> = ["on", "off", "yes", "no", "y", "n", "true", "false"]

    /// Reads a file that says `solderless: 1` and `kind: KIND`.
    ///
    /// - Parameters:
    ///   - file: what messages call it.
    ///   - keys: what else it may have.
    /// - Throws: `FileProblem`.
    package static func section(
        of bytes: [UInt8], file: String, kind: String, keys: [String]
    ) throws(FileProblem) -> Section {
        let section = try value(of: bytes, file: file).section(["solderless", "kind"] + keys)
        try checkVersion(section.value("solderless"))
        _ = try section.value("kind").word(among: [kind])
        return section
    }

    /// Reads a file that says `solderless: 1`, and may say which kind it is.
    ///
    /// - Throws: `FileProblem`, also for a file of another kind.
    package static func section(
        of bytes: [UInt8], file: String, optionalKind kind: String, keys: [String]
    ) throws(FileProblem) -> Section {
        let section = try value(of: bytes, file: file).section(["solderless", "kind"] + keys)
        try checkVersion(section.value("solderless"))
        _ = try section.optional("kind")?.word(among: [kind])
        return section
    }

    private static func checkVersion(_ stated: YAMLValue) throws(FileProblem) {
        guard try stated.number(in: 0...Int.max) == version else {
            throw stated.problem("this program reads version \(version)")
        }
    }

    /// Reads any file. - Throws: `FileProblem`.
    package static func value(of bytes: [UInt8], file: String) throws(FileProblem) -> YAMLValue {
        let whole = { (line: Int, message: String) in
            FileProblem(file: file, line: line, key: "", message: message)
        }
        guard bytes.count <= mostBytes else {
            throw whole(0, "\(bytes.count) bytes are more than the \(mostBytes) that such a file may have")
        }
        // Some editors put it there, and YAML allows it.
        let hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        guard let text = String(validating: bytes.dropFirst(hasByteOrderMark ? 3 : 0), as: UTF8.self) else {
            throw whole(0, "this is not UTF-8")
        }
        if let line = lineOfReference(bytes) {
            throw whole(line, "anchors (&) and aliases (*) are not taken: write the value where it belongs")
        }
        let root: Node?
        do {
            root = try Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch {
            let (line, message) = reason(for: error, in: text)
            throw whole(line, message)
        }
        guard let root else { throw whole(0, "the file is empty") }
        return try convert(root, file: file, key: "", level: 0, line: 1)
    }

    /// The first line that has what might be an anchor or an alias: & or * before a word and after none. Looked for in
    /// the bytes and everywhere, in texts too: aliases can blow a small file up before anybody has seen its values.
    private static func lineOfReference(_ bytes: [UInt8]) -> Int? {
        let isWord = { (byte: UInt8) in
            byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte >= 0x80 || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        var line = 1
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            guard bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "*") else { continue }
            let follows = index + 1 < bytes.count && isWord(bytes[index + 1])
            if follows, index == 0 || !isWord(bytes[index - 1]) { return line }
        }
        return nil
    }

    private static func reason(for error: any Error, in text: String) -> (line: Int, message: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            // The reader's own limit is far beyond ours, and it tells it with the name of a C function.
            problem.hasPrefix("Maximum nesting level")
                ? (mark.line, "this lies deeper than \(mostLevels) levels")
                : (mark.line, "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            twice(keys.first ?? "", context.mark, in: text)
        case .reader(let problem, _, _, _):
            (0, "this is not YAML: \(problem)")
        default:
            (0, "this is not YAML")
        }
    }

    /// A key that its section has already. - Parameter first: where it stands first.
    private static func twice(_ key: String, _ first: Mark, in text: String) -> (line: Int, message: String) {
        let second = KeyPlaces.line(ofSecond: key, below: first.line, column: first.column, in: text)
        guard second > first.line else { return (first.line, "the key \(quotedExcerpt(key)) stands here twice") }
        return (second, "the key \(quotedExcerpt(key)) stands in line \(first.line) already")
    }

    private static func convert(
        _ node: Node, file: String, key: String, level: Int, line: Int
    ) throws(FileProblem) -> YAMLValue {
        let line = node.mark?.line ?? line
        let place = { (content: YAMLValue.Content) in
            YAMLValue(file: file, line: line, key: key, content: content)
        }
        guard level <= mostLevels else {
            throw FileProblem(
                file: file, line: line, key: key, message: "this lies deeper than \(mostLevels) levels")
        }
        switch node {
        case .scalar(let scalar):
            let value = place(.text(scalar.string))
            if let complaint = complaint(about: scalar) { throw value.problem(complaint) }
            return value
        case .sequence(let sequence):
            var items: [YAMLValue] = []
            for (index, item) in sequence.enumerated() {
                items.append(
                    try convert(item, file: file, key: "\(key)[\(index)]", level: level + 1, line: line))
            }
            return place(.list(items))
        case .mapping(let mapping):
            var entries: [(key: String, value: YAMLValue)] = []
            for (name, item) in mapping {
                guard case .scalar(let scalar) = name else {
                    throw place(.text("")).problem("a key is a single word")
                }
                let keyLine = scalar.mark?.line ?? line
                let path = key.isEmpty ? scalar.string : "\(key).\(scalar.string)"
                if let complaint = complaint(about: scalar) {
                    throw FileProblem(file: file, line: keyLine, key: key, message: "as a key, \(complaint)")
                }
                entries.append(
                    (scalar.string, try convert(item, file: file, key: path, level: level + 1, line: keyLine)))
            }
            return place(.section(entries))
        case .alias:
            throw place(.text("")).problem("aliases are not taken")
        }
    }

    private static func complaint(about scalar: Node.Scalar) -> String? {
        guard scalar.style == .plain || scalar.style == .any else { return nil }
        return complaint(aboutPlain: scalar.string)
    }

    /// What is wrong with a word that stands without quotes.
    static func complaint(aboutPlain word: String) -> String? {
        if word.isEmpty || word == "~" || word.lowercased() == "null" { return "there is no value" }
        guard booleans.contains(word.lowercased()) else { return nil }
        return "YAML takes \(word) for a boolean; name it otherwise, or put it in quotes"
    }
}
