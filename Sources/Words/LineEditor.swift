/// A line that is being typed, key by key: what a terminal in its usual mode does for a program, and the lines before.
///
/// It edits at the end of the line alone. It draws nothing: the caller shows `text` after its prompt.
package struct LineEditor: Sendable {
    /// What a key has done.
    package enum Action: Hashable, Sendable {
        /// The text is another now.
        case edited
        /// Enter: the line is done, and the next is empty.
        case line(String)
        /// ^D on an empty line: nothing more will be typed.
        case end
        case nothing
    }

    private var bytes: [UInt8] = []
    private var history: [String] = []
    /// Which line of the history is shown; as many as there are: the new one.
    private var place = 0
    private var escape = Escape.none

    private enum Escape {
        case none
        case begun
        /// Within `ESC [` or `ESC O`.
        case sequence
    }

    /// A longer line takes no more.
    private static let longest = 1000
    private static let mostLines = 100

    package init() {}

    /// What has been typed.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func type(_ key: UInt8) -> Action {
        switch escape {
        case .begun:
            escape = key == UInt8(ascii: "[") || key == UInt8(ascii: "O") ? .sequence : .none
            return .nothing
        case .sequence: return sequence(key)
        case .none: break
        }
        switch key {
        case 0x0A, 0x0D: return finish()
        case 0x04: return bytes.isEmpty ? .end : .nothing
        case 0x08, 0x7F: return rubOut()
        case 0x15: return edit { $0.removeAll() }
        case 0x17: return edit { Self.dropWord(&$0) }
        case 0x1B:
            escape = .begun
            return .nothing
        case 0x00..<0x20: return .nothing
        default:
            guard bytes.count < Self.longest else { return .nothing }
            bytes.append(key)
            return .edited
        }
    }

    private mutating func finish() -> Action {
        let line = text
        bytes.removeAll()
        if !line.isEmpty, line != history.last { history.append(line) }
        if history.count > Self.mostLines { history.removeFirst() }
        place = history.count
        return .line(line)
    }

    private mutating func edit(_ change: (inout [UInt8]) -> Void) -> Action {
        let before = bytes.count
        change(&bytes)
        return bytes.count == before ? .nothing : .edited
    }

    /// The last character, however many bytes it has.
    private mutating func rubOut() -> Action {
        edit { bytes in
            while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        }
    }

    private static func dropWord(_ bytes: inout [UInt8]) {
        while bytes.last == 0x20 { bytes.removeLast() }
        while let last = bytes.last, last != 0x20 { bytes.removeLast() }
    }

    /// What ends a sequence is a letter or `~`; numbers come before it.
    private mutating func sequence(_ key: UInt8) -> Action {
        guard (0x40...0x7E).contains(key) else { return .nothing }
        escape = .none
        switch key {
        case UInt8(ascii: "A") where place > 0: place -= 1
        case UInt8(ascii: "B") where place < history.count: place += 1
        default: return .nothing
        }
        bytes = place < history.count ? Array(history[place].utf8) : []
        return .edited
    }
}
