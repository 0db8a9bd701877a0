/// Something that happened at the client's end of a pseudo-terminal.
package enum PortInput: ~Escapable {
    /// Bytes the client has written, and the rate it wrote them at, in bits per second.
    ///
    /// A pseudo-terminal does not order changes of rate with data. Bytes that are found together with a change were
    /// nearly always written before it and count at the old rate; but what comes with the first setting after an opening
    /// was written after it (ECR6600 facts §13.9).
    case data(Span<UInt8>, clientBaud: Int)
    /// The client's rate is this from now on: after the data that was found with the change.
    case baud(Int)
    /// The client threw away (tcflush) what it had not yet read (`input`), or what it had written and we had not yet
    /// read (`output`).
    case flushed(input: Bool, output: Bool)
    /// The first client has opened the port.
    case opened
    /// The last client has closed the port.
    case closed
}
