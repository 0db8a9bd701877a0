/// Looks for texts in a stream of bytes, which may be cut anywhere. It holds a number for each text (Knuth, Morris and Pratt,
/// 1977).
struct HeardTexts: Sendable {
    private struct Text: Sendable {
        let text: String
        let pattern: [UInt8]
        /// How much of the pattern still matches where a byte after so much of it does not.
        let fallbacks: [Int]
        var matched = 0
        var isHeard = false

        init(_ text: String) {
            self.text = text
            pattern = Array(text.utf8)
            var fallbacks = [0]
            var matched = 0
            for byte in pattern.dropFirst() {
                while matched > 0, pattern[matched] != byte { matched = fallbacks[matched - 1] }
                if pattern[matched] == byte { matched += 1 }
                fallbacks.append(matched)
            }
            self.fallbacks = fallbacks
        }

        mutating func take(_ byte: UInt8) {
            while matched > 0, pattern[matched] != byte { matched = fallbacks[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            guard matched == pattern.count else { return }
            isHeard = true
            matched = 0
        }
    }

    private var texts: [Text]

    /// - Parameter texts: empty ones are left out.
    init(_ texts: [String]) {
        self.texts = Set(texts).sorted().filter { !$0.isEmpty }.map(Text.init)
    }

    func isHeard(_ text: String) -> Bool { texts.contains { $0.text == text && $0.isHeard } }

    mutating func take(_ bytes: Span<UInt8>) {
        for place in texts.indices where !texts[place].isHeard {
            for index in bytes.indices { texts[place].take(bytes[index]) }
        }
    }

    /// What was heard before does not count any longer.
    mutating func beginStep() {
        for place in texts.indices { texts[place].isHeard = false }
    }

    /// What comes next does not belong to what came before.
    mutating func interrupt() {
        for place in texts.indices { texts[place].matched = 0 }
    }
}
