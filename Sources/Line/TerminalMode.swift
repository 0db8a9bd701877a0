/// What a terminal does to the bytes that pass it. For a flasher it must do nothing: the set is then empty.
package struct TerminalMode: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // As `ports_terminal_get` and tools/preload/attach/messages.h number them.
    package static let canonical = TerminalMode(rawValue: 1 << 0)
    package static let echo = TerminalMode(rawValue: 1 << 1)
    package static let signals = TerminalMode(rawValue: 1 << 2)
    package static let returnToNewline = TerminalMode(rawValue: 1 << 3)
    package static let newlineToReturn = TerminalMode(rawValue: 1 << 4)
    package static let sendsXonXoff = TerminalMode(rawValue: 1 << 5)
    package static let obeysXonXoff = TerminalMode(rawValue: 1 << 6)
    package static let processesOutput = TerminalMode(rawValue: 1 << 7)
    package static let stripsHighBit = TerminalMode(rawValue: 1 << 8)

    /// The flags of termios(3) that are on, with what each does to a flasher's bytes.
    private static let flags: [(mode: TerminalMode, name: String)] = [
        (.canonical, "ICANON"), (.echo, "ECHO"), (.signals, "ISIG"), (.returnToNewline, "ICRNL"),
        (.newlineToReturn, "INLCR"), (.obeysXonXoff, "IXON"), (.sendsXonXoff, "IXOFF"), (.processesOutput, "OPOST"),
        (.stripsHighBit, "ISTRIP"),
    ]

    /// Their names, in a fixed order.
    package var names: [String] { Self.flags.filter { contains($0.mode) }.map(\.name) }

    /// How a complaint begins.
    package static let flowControlOn = "the client's terminal has software flow control on"
    package static let notRaw = "the client's terminal is not raw"

    /// What is wrong with it for a flasher and what to do, as a sentence without a full stop; nil for nothing.
    package var complaint: String? {
        guard !isEmpty else { return nil }
        let flowControl: TerminalMode = [.obeysXonXoff, .sendsXonXoff]
        if isSubset(of: flowControl) {
            return "\(Self.flowControlOn) (\(names.joined(separator: ", "))): "
                + "it drops the bytes 11 and 13; switch it off, for example with cfmakeraw"
        }
        return
            "\(Self.notRaw) (\(names.joined(separator: ", "))): it changes bytes, and may echo; "
            + "make it raw with cfmakeraw before the first byte"
    }
}
