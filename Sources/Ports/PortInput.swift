/// Something that happened at the client's end of a pseudo-terminal.
package enum PortInput: ~Escapable {
    /// Bytes the client has written, and the rate it had set when they were read, in bits per second.
    ///
    /// A pseudo-terminal does not order rate changes with data: a client that writes, changes its rate and writes again
    /// while nobody reads gets one rate for both. In practice a flasher waits for an answer around such a change.
    case data(Span<UInt8>, clientBaud: Int)
    /// The client threw away (tcflush) what it had not yet read (`input`), or what it had written and we had not yet
    /// read (`output`).
    case flushed(input: Bool, output: Bool)
    /// The first client has opened the port.
    case opened
    /// The last client has closed the port.
    case closed
}
