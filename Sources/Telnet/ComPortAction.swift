package import Line

/// What a client wants done to the serial port behind a connection. The port confirms it when it is done, and only
/// then is the client answered (`ComPortServer.confirm`).
package enum ComPortAction: Hashable, Sendable {
    /// Bits per second, 1...4,294,967,295.
    case baud(Int)
    /// One of DTR and RTS is asserted from now on, or released.
    case line(ControlLines, isAsserted: Bool)
    /// A break begins or ends.
    case breakState(isOn: Bool)
    /// A break of no particular length: telnet's own, which is not answered.
    case breakKey
    /// What the port has received or not sent yet is thrown away.
    case purge(Queues)
}
