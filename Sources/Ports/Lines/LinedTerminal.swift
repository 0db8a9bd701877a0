/// A pseudo-terminal that has what serial ports have, for programs with the preload library of `run`: control lines, breaks,
/// and an order of everything with the data.
///
/// A program that asks stands still until it is answered, so everything it has written is in the pseudo-terminal's queue
/// when its request is found: that is told first, to its end, and then the request.
package struct LinedTerminal: ~Copyable {
    private var terminal: PseudoTerminal
    private let socket: LinesSocket?
    private var order = InputOrder()

    /// So much is told at most before a request: far more than a pseudo-terminal holds, and a bound where another thread of
    /// the program writes without end.
    private static let mostBeforeRequest = 1 << 20

    /// - Parameter socket: where programs ask; without one this is a pseudo-terminal like any other.
    package init(_ terminal: consuming PseudoTerminal, asking socket: LinesSocket?) {
        if socket != nil { terminal.beginWithHangUp() }
        self.terminal = terminal
        self.socket = socket
    }

    /// Where programs ask; nil for nowhere.
    package var socketPath: String? { socket?.path }
}

extension LinedTerminal: Transport {
    package var path: String { terminal.path }
    package var link: String? { terminal.link }
    package var isOpen: Bool { terminal.isOpen }
    package var clientBaud: Int { terminal.clientBaud }
    package var hangsUpOnClose: Bool { socket != nil && terminal.hangsUpOnClose }

    package mutating func read(
        atMost limit: Int, _ handle: (borrowing PortInput) -> Void
    ) throws(PortError) {
        guard let socket else { return try terminal.read(atMost: limit, handle) }
        var requests: [(asker: UInt64, request: PortRequest)] = []
        // Requests first: a program that asks waits for its answer, so it has written nothing after its request.
        socket.receive { requests.append(($0, $1)) }
        var order = self.order
        defer { self.order = order }
        guard !requests.isEmpty else {
            return try terminal.read(atMost: limit) { order.pass($0, handle) }
        }
        try terminal.read(atMost: Self.mostBeforeRequest, toTheEnd: true) { order.pass($0, handle) }
        for (asker, request) in requests {
            handle(.request(request, asker: asker, baud: order.asked()))
        }
    }

    package mutating func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        try terminal.write(bytes)
    }

    package func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor] {
        let descriptors = terminal.pollDescriptors(takesInput: takesInput, hasOutput: hasOutput)
        return socket.map { descriptors + [$0.pollDescriptor] } ?? descriptors
    }

    package mutating func answer(_ asker: UInt64, _ answer: PortAnswer) {
        socket?.answer(asker, answer)
    }

    package mutating func dropUnread() {
        terminal.dropUnread()
    }
}

/// Puts what a pseudo-terminal tells into the order in which a program that asks has done it.
private struct InputOrder {
    /// Whether a program with the library has the port open.
    private var hasAsked = false
    /// A rate that was found at the end of the data. The program that has set it is about to ask, or asks: the rate changes
    /// with that request, in bits per second.
    private var baud: Int?
    private var hasToldOfStranger = false

    mutating func pass(_ input: borrowing PortInput, _ handle: (borrowing PortInput) -> Void) {
        switch input {
        case .baud(let late) where hasAsked:
            baud = late
            return
        case .opened:
            hasAsked = false
        case .data where !hasAsked && !hasToldOfStranger:
            // Another would have asked at its opening, and waited.
            hasToldOfStranger = true
            handle(
                .remark(
                    "the program at the port has no control lines, for the preload library is not in it: it is "
                        + "statically linked, runs with other rights, or was started with an environment of its own"))
        default: break
        }
        // Set in a way that the library does not see.
        if let baud { handle(.baud(baud)) }
        baud = nil
        handle(input)
    }

    /// A program asks. - Returns: the rate that it has set before.
    mutating func asked() -> Int? {
        hasAsked = true
        defer { baud = nil }
        return baud
    }
}
