import Scenarios

/// What a program prints: its beginning and its end are kept, and texts are looked out for in all of it.
///
/// What only a terminal understands, colours and cursor movements, is left out. What follows a carriage return takes the
/// line's place, as it does on a terminal: of a progress bar the last state stays.
package struct OutputWatch: Sendable {
    /// How many bytes of the beginning and of the end are kept.
    package static let mostAtStart = 16 << 10
    package static let mostAtEnd = 48 << 10

    private let texts: [String]
    private let patterns: [[UInt8]]
    /// How often each has been printed.
    package private(set) var counts: [String: Int] = [:]
    private var start: [UInt8] = []
    /// The line that is being printed; what is too long for one is not taken back.
    private var line: [UInt8] = []
    static let longestLine = 4096
    /// What is printed next takes its place.
    private var isReturned = false
    private var end: [UInt8] = []
    /// Bytes of lines that a person would have seen to their end.
    package private(set) var byteCount = 0
    /// The last bytes, in which a text may have begun.
    private var window: [UInt8] = []
    /// What the line has had, and whether a carriage return has begun it again.
    private var textsOnLine: Set<String> = []
    private var isLineRewritten = false
    private var escape = Escape.none
    /// Of what a terminal obeys, so far.
    private var escapeByteCount = 0
    /// What goes on for longer is none: whatever has begun it, the output after it is to be seen.
    private static let longestEscape = 256

    /// Where in what a terminal obeys the last byte was.
    private enum Escape {
        case none, begun, control, text
    }

    package init(lookingFor texts: [String]) {
        self.texts = Set(texts).sorted()
        patterns = self.texts.map { Array($0.utf8) }
    }

    /// - Returns: the texts that were printed with these bytes, in their order; one that was printed twice, twice, unless it
    ///   only stood in a line again that was written anew, as beside a spinner.
    package mutating func take(_ bytes: [UInt8]) -> [String] {
        var news: [String] = []
        for byte in bytes {
            if byte == 0x0A {
                isLineRewritten = false
                textsOnLine.removeAll()
            } else if byte == 0x0D {
                isLineRewritten = true
            }
            guard let byte = visible(byte) else { continue }
            print(byte)
            guard !patterns.isEmpty else { continue }
            window.append(byte)
            if window.count > 2 * FlasherProgram.longestText { window.removeFirst(FlasherProgram.longestText) }
            for (text, pattern) in zip(texts, patterns) where pattern.last == byte && window.hasSuffix(pattern) {
                counts[text, default: 0] += 1
                let isNew = textsOnLine.insert(text).inserted
                if isNew || !isLineRewritten { news.append(text) }
            }
        }
        return news
    }

    /// What is kept, as text.
    package var text: String {
        let gap = byteCount - start.count - end.count
        let middle = gap > 0 ? "\n… \(gap) bytes are left out …\n" : ""
        return String(decoding: start, as: UTF8.self) + middle + String(decoding: end + line, as: UTF8.self)
    }

    private mutating func print(_ byte: UInt8) {
        if byte == 0x0D {
            isReturned = true
            return
        }
        if byte == 0x0A || line.count >= Self.longestLine {
            for byte in line { keep(byte) }
            line.removeAll(keepingCapacity: true)
        } else if isReturned {
            line.removeAll(keepingCapacity: true)
        }
        isReturned = false
        if byte == 0x0A { keep(byte) } else { line.append(byte) }
    }

    private mutating func keep(_ byte: UInt8) {
        byteCount += 1
        if start.count < Self.mostAtStart {
            start.append(byte)
        } else {
            end.append(byte)
            // Half of it at once: to move everything for each byte would take time.
            if end.count > 2 * Self.mostAtEnd { end.removeFirst(Self.mostAtEnd) }
        }
    }

    /// - Returns: what a person sees of a byte; nil for nothing.
    private mutating func visible(_ byte: UInt8) -> UInt8? {
        if byte == 0x1B {
            // Also in the midst of another, which it ends.
            escape = .begun
            escapeByteCount = 0
            return nil
        }
        if escape != .none {
            escapeByteCount += 1
            if byte < 0x20 || escapeByteCount > Self.longestEscape { escape = .none }
        }
        switch escape {
        case .none:
            let isBlank = byte == 0x09 || byte == 0x0A || byte == 0x0D
            return isBlank || byte >= 0x20 && byte != 0x7F ? byte : nil
        case .begun: escape = byte == UInt8(ascii: "[") ? .control : byte == UInt8(ascii: "]") ? .text : .none
        case .control: if (0x40...0x7E).contains(byte) { escape = .none }
        case .text: break
        }
        return nil
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
        count >= other.count && self[(count - other.count)...].elementsEqual(other)
    }
}
