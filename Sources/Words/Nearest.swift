/// Words that are near to others: for messages that say what was probably meant.
package enum Nearest {
    /// The word among `words` that takes the fewest edits to become; nil when all are too far for a guess.
    package static func word(to word: String, among words: [String]) -> String? {
        // Longer ones are no typing errors, and would cost time.
        guard word.utf8.count <= 64 else { return nil }
        let small = Array(word.lowercased().utf8)
        let distances = words.map { word in
            let other = Array(word.lowercased().utf8)
            return (word: word, distance: distance(small, other), common: zip(small, other).prefix { $0 == $1 }.count)
        }
        // Of two that are as near, the one that begins like it: the end is what one forgets.
        guard let best = distances.min(by: { ($0.distance, -$0.common) < ($1.distance, -$1.common) }) else {
            return nil
        }
        return best.distance <= max(1, word.utf8.count / 2) && best.distance < best.word.utf8.count ? best.word : nil
    }

    /// `; did you mean "flash"?`, or the whole choice when nothing is near.
    package static func advice(for word: String, among words: [String]) -> String {
        if let near = self.word(to: word, among: words) { return "; did you mean \"\(near)\"?" }
        return "; it is one of \(words.joined(separator: ", "))"
    }

    /// Bytes to insert, remove or replace (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (byte == right[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
