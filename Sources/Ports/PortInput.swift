package import Line

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
    /// The client's port now asserts these of its control lines; never told by a port that has none.
    case controlLines(ControlLines)
    /// The client sent a break.
    case breakSent
    /// What the client's terminal does to the bytes that follow.
    case mode(TerminalMode)
    /// The first client has opened the port.
    case opened
    /// The last client has closed the port.
    case closed
    /// A client asks for something and waits; everything it wrote before has been told. With `baud` its rate is this when
    /// the request has been carried out.
    case request(PortRequest, asker: UInt64, baud: Int?)
    /// Something that the person at the bench should know, as a sentence without a full stop.
    case remark(String)
}
