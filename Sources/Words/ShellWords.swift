/// The words of a line as a shell would give them to a program: cut at blanks, with quotes and backslashes, and with
/// nothing else of what a shell does. Nil for a quote that is not closed, or a backslash at the end.
package func shellWords(of line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = line.makeIterator()
    while let character = characters.next() {
        switch (quote, character) {
        case (nil, " "), (nil, "\t"):
            if let done = word { words.append(done) }
            word = nil
        case (nil, "'"), (nil, "\""):
            quote = character
            word = word ?? ""
        case ("'", "'"), ("\"", "\""):
            quote = nil
        case (nil, "\\"), ("\"", "\\"):
            guard let next = characters.next() else { return nil }
            // Inside double quotes it stands for itself before most characters.
            if quote == nil || "\"\\$`".contains(next) {
                word = (word ?? "") + String(next)
            } else {
                word = (word ?? "") + "\\" + String(next)
            }
        default:
            word = (word ?? "") + String(character)
        }
    }
    guard quote == nil else { return nil }
    if let done = word { words.append(done) }
    return words
}
