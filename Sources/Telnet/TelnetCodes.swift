/// Bytes with a meaning behind IAC, "interpret as command" (RFC 854).
enum TelnetCode {
    /// SE: a subnegotiation ends.
    static let end: UInt8 = 240
    /// BRK: the key that sends a break.
    static let breakKey: UInt8 = 243
    /// SB: a subnegotiation begins.
    static let begin: UInt8 = 250
    /// IAC. Twice in a row it is the byte itself.
    static let escape: UInt8 = 255
}

/// How the ends of a telnet connection agree on an option (RFC 855).
package enum TelnetVerb: UInt8, Hashable, Sendable, CaseIterable {
    /// The sender does it, or offers to.
    case will = 251
    case wont = 252
    /// The receiver is to do it, or may.
    case `do` = 253
    case dont = 254
}

/// What the ends of a telnet connection may agree on.
package struct TelnetOption: Hashable, Sendable {
    package var number: UInt8

    package init(_ number: UInt8) {
        self.number = number
    }

    /// All eight bits of every byte (RFC 856).
    package static let binary = TelnetOption(0)
    /// No "go ahead" behind what is sent (RFC 858).
    package static let suppressGoAhead = TelnetOption(3)
    /// The control of a serial port (RFC 2217).
    package static let comPort = TelnetOption(44)
}
