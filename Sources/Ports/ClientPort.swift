/// What a client reaches an emulated chip through. It is one type, so that a bench's loop is made for it.
package enum ClientPort: ~Copyable {
    case terminal(LinedTerminal)
    case rfc2217(RFC2217Port)
    case tcp(TCPPort)
}

extension ClientPort: Transport {
    package var path: String {
        switch self {
        case .terminal(let port): port.path
        case .rfc2217(let port): port.path
        case .tcp(let port): port.path
        }
    }

    package var link: String? {
        switch self {
        case .terminal(let port): port.link
        case .rfc2217: nil
        case .tcp: nil
        }
    }

    package var isOpen: Bool {
        switch self {
        case .terminal(let port): port.isOpen
        case .rfc2217(let port): port.isOpen
        case .tcp(let port): port.isOpen
        }
    }

    package var clientBaud: Int {
        switch self {
        case .terminal(let port): port.clientBaud
        case .rfc2217(let port): port.clientBaud
        case .tcp(let port): port.clientBaud
        }
    }

    /// Where programs ask for control lines; nil for nowhere.
    package var linesSocket: String? {
        switch self {
        case .terminal(let port): port.socketPath
        case .rfc2217: nil
        case .tcp: nil
        }
    }

    package var tellsRates: Bool {
        switch self {
        case .terminal(let port): port.tellsRates
        case .rfc2217(let port): port.tellsRates
        case .tcp(let port): port.tellsRates
        }
    }

    package var hangsUpOnClose: Bool {
        switch self {
        case .terminal(let port): port.hangsUpOnClose
        case .rfc2217(let port): port.hangsUpOnClose
        case .tcp: false
        }
    }

    package mutating func read(
        atMost limit: Int, _ handle: (borrowing PortInput) -> Void
    ) throws(PortError) {
        switch consume self {
        case .terminal(var port):
            do { try port.read(atMost: limit, handle) } catch {
                self = .terminal(port)
                throw error
            }
            self = .terminal(port)
        case .rfc2217(let port):
            self = .rfc2217(port)
            try port.read(atMost: limit, handle)
        case .tcp(let port):
            self = .tcp(port)
            try port.read(atMost: limit, handle)
        }
    }

    package mutating func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        switch consume self {
        case .terminal(var port):
            let count: Int
            do { count = try port.write(bytes) } catch {
                self = .terminal(port)
                throw error
            }
            self = .terminal(port)
            return count
        case .rfc2217(let port):
            self = .rfc2217(port)
            return try port.write(bytes)
        case .tcp(let port):
            self = .tcp(port)
            return try port.write(bytes)
        }
    }

    package func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor] {
        switch self {
        case .terminal(let port): port.pollDescriptors(takesInput: takesInput, hasOutput: hasOutput)
        case .rfc2217(let port): port.pollDescriptors(takesInput: takesInput, hasOutput: hasOutput)
        case .tcp(let port): port.pollDescriptors(takesInput: takesInput, hasOutput: hasOutput)
        }
    }

    package mutating func answer(_ asker: UInt64, _ answer: PortAnswer) {
        switch consume self {
        case .terminal(var port):
            port.answer(asker, answer)
            self = .terminal(port)
        case .rfc2217(let port):
            port.answer(asker, answer)
            self = .rfc2217(port)
        case .tcp(let port): self = .tcp(port)
        }
    }

    package mutating func dropUnread() {
        switch consume self {
        case .terminal(var port):
            port.dropUnread()
            self = .terminal(port)
        case .rfc2217(let port): self = .rfc2217(port)
        case .tcp(let port): self = .tcp(port)
        }
    }
}
