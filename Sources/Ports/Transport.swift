package import Line

/// What brings a client's bytes in and takes the chip's bytes out: a pseudo-terminal is the first of them.
package protocol Transport: ~Copyable {
    /// The port's own name.
    var path: String { get }
    /// The name that stays, if one was asked for.
    var link: String? { get }
    /// Whether a client has the port open, as of the last `read`.
    var isOpen: Bool { get }
    /// The rate that the client's port has now, in bits per second.
    var clientBaud: Int { get }

    /// Tells everything that has happened at the client's end since the last call, without blocking.
    /// - Parameter limit: about how many bytes it may be; with 0 no data is taken.
    mutating func read(atMost limit: Int, _ handle: (borrowing PortInput) -> Void) throws(PortError)

    /// Takes as much as the client's queue has room for, without blocking; everything while no client is there.
    /// - Returns: how many bytes it took.
    mutating func write(_ bytes: Span<UInt8>) throws(PortError) -> Int

    /// What to wait for before the next `read`.
    /// - Parameters:
    ///   - takesInput: whether `read` is going to be called.
    ///   - hasOutput: whether `write` has left something over.
    func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor]

    /// Whether `read` tells a change of the client's rate when it happens, and its descriptors wake up for it. If not,
    /// `clientBaud` has to be asked for now and then.
    var tellsRates: Bool { get }

    /// Whether the client wants its control lines released when it closes the port (HUPCL).
    var hangsUpOnClose: Bool { get }

    /// Answers a client that has asked for something (`PortInput.request`).
    mutating func answer(_ asker: UInt64, _ answer: PortAnswer)

    /// Throws away what the client was given and has not read.
    mutating func dropUnread()
}

/// A port whose client asks for nothing.
extension Transport where Self: ~Copyable {
    package var tellsRates: Bool { false }
    package var hangsUpOnClose: Bool { false }
    package mutating func answer(_ asker: UInt64, _ answer: PortAnswer) {}
    package mutating func dropUnread() {}
}

extension PseudoTerminal: Transport {}

/// The time that passes for everybody: the system's, or one that a test moves.
package protocol WallClock {
    /// The time since the clock was made.
    var now: Instant { get }
}

extension MonotonicClock: WallClock {}
