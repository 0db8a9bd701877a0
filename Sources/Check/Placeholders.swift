import Scenarios
import Words

/// What stands for something in a program's words: `{port}`, `{image}`, and what a flasher's file adds.
package struct Placeholders: Hashable, Sendable {
    private var values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    /// The words with what stands for something replaced; `{port}` stays where nothing is known for it. A word in braces
    /// that is no name of ours is the program's own.
    package func fill(_ words: [String]) -> [String] {
        words.map { word in
            var (filled, rest) = ("", word[...])
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                filled += rest[..<open]
                let name = rest[rest.index(after: open)..<close]
                if let value = values[String(name)] {
                    filled += value
                    rest = rest[rest.index(after: close)...]
                } else {
                    filled += "{"
                    rest = rest[rest.index(after: open)...]
                }
            }
            return filled + rest
        }
    }

    /// The words without those that have a placeholder, and without the option before one that is nothing else:
    /// `--at {address}` and `--at={address}` are both left out.
    package static func leaveOut(_ name: String, of words: [String]) -> [String] {
        var left: [String] = []
        for word in words {
            guard isUsed(name, in: [word]) else {
                left.append(word)
                continue
            }
            if word == "{\(name)}", let option = left.last, option.hasPrefix("-") { left.removeLast() }
        }
        return left
    }

    /// Whether the words have a placeholder.
    package static func isUsed(_ name: String, in words: [String]) -> Bool {
        words.contains { $0.contains("{\(name)}") }
    }

    /// The placeholders in the words that nobody knows: letters, digits and - in braces.
    package static func unknown(in words: [String], known: [String]) -> [String] {
        var found: [String] = []
        for word in words {
            for piece in word.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
                guard let close = piece.firstIndex(of: "}") else { continue }
                let name = String(piece[..<close])
                if FlasherProgram.isPlaceholder(name), !known.contains(name), !found.contains(name) {
                    found.append(name)
                }
            }
        }
        return found
    }
}
