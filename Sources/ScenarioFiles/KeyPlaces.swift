/// Where keys stand in a file's text, for what the reader of YAML does not tell.
enum KeyPlaces {
    /// The next line below `line` that has `key` in the same column; `line` where there is none, as in a section that is
    /// written in braces on one line. - Parameter line, column: of the key's first place, from 1.
    static func line(ofSecond key: String, below line: Int, column: Int, in text: String) -> Int {
        let spellings = ["\(key):", "\(key) ", "\"\(key)\"", "'\(key)'"]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, candidate) in lines.enumerated().dropFirst(max(0, line)) {
            let before = candidate.prefix(max(0, column - 1))
            guard before.allSatisfy({ $0 == " " }) else { continue }
            let rest = candidate.dropFirst(before.count)
            if spellings.contains(where: rest.hasPrefix) { return index + 1 }
        }
        return line
    }
}
