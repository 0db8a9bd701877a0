import Embedded

/// What an application says while it starts: lines, each a while after the one before, then silence.
///
/// As text, a line each: milliseconds since the line before, a space, what is said. Lines that begin with `#` and empty
/// ones are left out.
/// ```
/// 120 [boot] application starts
/// 35 [sys ] heap free 183 KB
/// ```
package struct ApplicationLog: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// Since the line before was said.
        package var delay: Duration
        /// With CR LF at the end.
        package var characters: [UInt8]
    }

    /// Why a text is no log, and where.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The first is 1.
        package var line: Int
        package var description: String
    }

    package var lines: [Line]

    /// The longest file that should be read as one, in bytes.
    package static let mostBytes = 64 << 10
    /// The most that a log may have, in lines.
    package static let mostLines = 2000
    /// The longest text of a line, in bytes.
    package static let mostBytesInLine = 256
    /// The longest wait before a line: ten minutes.
    package static let longestDelayInMilliseconds = 600_000

    /// Reads a log. - Throws: `Problem` for a line that is not of that form, or beyond the limits.
    package init(parsing text: [UInt8]) throws(Problem) {
        lines = []
        let newline = UInt8(ascii: "\n")
        for (index, raw) in text.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            guard lines.count < Self.mostLines else {
                throw Problem(line: index + 1, description: "a log has at most \(Self.mostLines) lines")
            }
            lines.append(try Self.line(line, number: index + 1))
        }
    }

    private static func line(_ text: ArraySlice<UInt8>, number: Int) throws(Problem) -> Line {
        let digits = text.prefix { $0 != UInt8(ascii: " ") }
        guard let delay = Int(String(decoding: digits, as: UTF8.self)), delay >= 0, digits.count < text.count else {
            throw Problem(line: number, description: "expected milliseconds, a space and a text")
        }
        guard delay <= longestDelayInMilliseconds else {
            throw Problem(
                line: number, description: "\(delay) ms are more than the \(longestDelayInMilliseconds) ms allowed")
        }
        let said = text.dropFirst(digits.count + 1)
        guard said.count <= mostBytesInLine else {
            throw Problem(line: number, description: "\(said.count) bytes are more than \(mostBytesInLine) in a line")
        }
        return Line(delay: .milliseconds(delay), characters: said + Array("\r\n".utf8))
    }

    private static let files = EmbeddedFile.all(in: "emulator/applications")

    /// The logs that come with the emulator, by name: all written by us, none recorded.
    package static let names = files.map(\.name)

    /// One of them; nil for another name.
    package static func named(_ name: String) -> ApplicationLog? {
        files.first { $0.name == name }.flatMap { try? ApplicationLog(parsing: $0.bytes) }
    }
}
