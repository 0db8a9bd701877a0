import CPorts
import Files
import Glibc
import Line
import SystemPackage

/// The device's end of a pseudo-terminal: to a flasher it looks like a serial port, and here its bytes come out.
///
/// It does not block and keeps no thread. One slave descriptor stays open here, so that the port does not hang up while
/// nobody is there, and keeps its settings from client to client as a USB adapter does. Packet mode shows the
/// client's flushes; EXTPROC stays off, so that a client which forgot to set raw mode meets the line discipline it
/// would meet on hardware. The settings begin as the kernel makes them, cooked and echoing: therefore nothing is ever
/// written while no client is there.
package struct PseudoTerminal: ~Copyable {
    /// The port's own name, `/dev/pts/N`.
    package let path: String
    /// The link that was asked for, if any.
    package let link: String?
    /// Bytes given to `write` while no client had the port open, and therefore dropped.
    package private(set) var droppedByteCount = 0

    let master: OwnedDescriptor
    let slave: OwnedDescriptor
    private let watch: SessionWatch
    private let portLink: PortLink
    private var buffer = [UInt8](repeating: 0, count: 65536)
    /// How many clients have it open, as far as inotify tells.
    private var clients = 0
    /// The last client has closed the port, and what it wrote is not read to its end yet.
    private var isClosing = false
    /// The next control byte carries the flush we did ourselves.
    private var hasFlushedClientInput = false
    /// The rate of this session's client, as far as it was told; nil before its first setting is known.
    private var sessionBaud: Int?
    /// The rate that the port had before the client opened it: the kernel's, or what the client before left.
    private var idleBaud = 0
    /// What the terminal did to this session's bytes when that was last told; nothing at its beginning.
    private var sessionMode: TerminalMode = []

    /// Makes a port, and a link to it if one is asked for. Only this user may open it (mode 0600).
    ///
    /// - Parameter link: where to put a symbolic link with a name that stays; nil for none.
    /// - Throws: `PortError`; `.busy` and `.linkTaken` when the link's place is taken.
    package init(link: String? = nil) throws(PortError) {
        var number: UInt32 = 0
        guard let master = OwnedDescriptor(ports_pty_open(&number)) else {
            throw .last(
                path: "/dev/ptmx", "cannot make a pseudo-terminal",
                remedy: "check that /dev/pts is mounted and kernel.pty.max is not reached")
        }
        let path = "/dev/pts/\(number)"
        guard let slave = OwnedDescriptor(ports_pty_open_slave(master.raw)) else {
            throw .last(path: path, "cannot open the new pseudo-terminal")
        }
        guard fchmod(slave.raw, 0o600) == 0, ports_pty_packet_mode(master.raw, 1) == 0 else {
            throw .last(path: path, "cannot set up the new pseudo-terminal")
        }
        // After our own opening, so that it is not taken for a client's.
        let watch = try SessionWatch(path: path)
        let portLink = try PortLink(path: link, to: path)
        self.path = path
        self.link = link
        self.master = master
        self.slave = slave
        self.watch = watch
        self.portLink = portLink
        idleBaud = clientBaud
    }

    /// Closes the port: clients see it hang up. The link goes too, if it still points here.
    package consuming func close() {}

    /// Whether a client has the port open, as of the last `read`.
    package var isOpen: Bool { clients > 0 }

    /// The rate the client has set, in bits per second; the kernel's 38400 before any client came.
    package var clientBaud: Int {
        var baud: UInt32 = 0
        return ports_baud_get(master.raw, &baud) == 0 ? Int(baud) : 0
    }

    /// The client's settings: its rate, and what the terminal does to its bytes.
    private var clientSettings: (baud: Int, mode: TerminalMode) {
        var (baud, mode): (UInt32, UInt32) = (0, 0)
        guard ports_terminal_get(master.raw, &baud, &mode) == 0 else { return (0, []) }
        return (Int(baud), TerminalMode(rawValue: mode))
    }

    /// What to wait for: readable means that `read` has something to tell.
    ///
    /// - Parameters:
    ///   - takesInput: `read` is going to be called; if not, the client is held back once the kernel's queue is full.
    ///   - hasOutput: `write` has left something over; wake up as well when there is room again.
    package func pollDescriptors(takesInput: Bool = true, hasOutput: Bool = false) -> [PollDescriptor] {
        var interest: Readiness = takesInput ? .readable : []
        if hasOutput, isOpen { interest.insert(.writable) }
        return [PollDescriptor(master.descriptor, for: interest), PollDescriptor(watch.descriptor, for: .readable)]
    }

    // MARK: Reading

    /// Tells everything that has happened at the client's end since the last call, without blocking.
    ///
    /// Data comes in the order it was written; where it stands among openings and closings is known as well as it can
    /// be: what a client wrote before it closed is told before `.closed`, even if that has happened already. When a
    /// client has closed and another one opened since the last call, the data comes after both.
    ///
    /// - Parameter limit: the read ends with the packet (of at most 4 KB) that reaches so many bytes, because a client
    /// can write without end. With 0 no data is taken, unless a client has closed: what it wrote comes before
    /// `.closed`.
    package mutating func read(
        atMost limit: Int = 1 << 20, _ handle: (borrowing PortInput) -> Void
    ) throws(PortError) {
        try read(atMost: limit, toTheEnd: false, handle)
    }

    /// - Parameter toTheEnd: whether it goes on until the kernel says that nothing is left: an answer it gives only when
    /// everything has come that a client's finished write has taken.
    mutating func read(
        atMost limit: Int, toTheEnd: Bool, _ handle: (borrowing PortInput) -> Void
    ) throws(PortError) {
        try followSessions(handle)
        var total = 0
        while total < limit || isClosing {
            // Asked before the queue is found empty: only then has the change come without data.
            let (baud, mode) = clientSettings
            let count = try takePacket()
            guard count > 0 else {
                follow(baud, handle)
                guard isClosing else { return }
                endSession(handle)
                // Once more, for the control byte of our own flush: left there, it would hide the next client's.
                continue
            }
            guard buffer[0] == 0 else {
                tellFlush(control: buffer[0], handle)
                continue
            }
            guard count > 1 else { continue }
            if !isOpen {
                try followSessions(handle)
                // Two openings told as one, and one of the two has gone: the other one is still there.
                if !isOpen { beginSession(handle) }
            }
            // Asked again: its first setting may have come since.
            if sessionBaud == nil { setSessionBaud(clientBaud, handle) }
            if mode != sessionMode {
                sessionMode = mode
                handle(.mode(mode))
            }
            handle(.data(buffer.span.extracting(1..<count), clientBaud: sessionBaud ?? baud))
            total += count
            // A packet with room to spare emptied the queue. Whatever else there is to tell is told with an empty one.
            if count < Self.fullPacket, baud == sessionBaud, !isClosing, !toTheEnd { return }
        }
    }

    /// The client's port has this rate, and no data is left that could have been written before.
    private mutating func follow(_ baud: Int, _ handle: (borrowing PortInput) -> Void) {
        guard isOpen, baud != sessionBaud ?? idleBaud else { return }
        setSessionBaud(baud, handle)
    }

    private mutating func setSessionBaud(_ baud: Int, _ handle: (borrowing PortInput) -> Void) {
        sessionBaud = baud
        handle(.baud(baud))
    }

    private mutating func beginSession(_ handle: (borrowing PortInput) -> Void) {
        clients = 1
        sessionBaud = nil
        sessionMode = []
        handle(.opened)
    }

    /// Counts openings and closings. The last client's closing is told later, if nothing happened after it, because the
    /// client's data must be read first; until then the session counts as open.
    private mutating func followSessions(_ handle: (borrowing PortInput) -> Void) throws(PortError) {
        for event in try watch.events() {
            if isClosing { endSession(handle) }
            switch event {
            case .opened:
                if clients == 0 { beginSession(handle) } else { clients += 1 }
            case .closed where clients == 1:
                isClosing = true
            case .closed:
                clients = max(0, clients - 1)
            }
        }
    }

    /// The last client is gone: what was on its way to it must not reach the next one. Nor may its claim to exclusive
    /// use or its halt of the output, which would both last because our own descriptor keeps the terminal alive.
    private mutating func endSession(_ handle: (borrowing PortInput) -> Void) {
        isClosing = false
        clients = 0
        if tcflush(slave.raw, TCIFLUSH) == 0 { hasFlushedClientInput = true }
        _ = ports_exclusive_set(slave.raw, 0)
        _ = tcflow(slave.raw, TCOON)
        idleBaud = clientBaud
        handle(.closed)
    }

    /// The most that the kernel gives in one packet, less what it may leave for the next.
    private static let fullPacket = 2048

    /// Reads one packet into the buffer: a control byte, then data if that byte is 0. Returns 0 when there is none.
    private mutating func takePacket() throws(PortError) -> Int {
        let descriptor = master.raw
        let count = buffer.withUnsafeMutableBytes { bytes in
            uninterrupted { Glibc.read(descriptor, bytes.baseAddress, bytes.count) }
        }
        if count >= 0 { return count }
        guard Errno.last == .wouldBlock else { throw .last(path: path, "cannot read from the pseudo-terminal") }
        return 0
    }

    private mutating func tellFlush(control: UInt8, _ handle: (borrowing PortInput) -> Void) {
        var isInput = Int32(control) & TIOCPKT_FLUSHREAD != 0
        let isOutput = Int32(control) & TIOCPKT_FLUSHWRITE != 0
        if isInput, hasFlushedClientInput {
            hasFlushedClientInput = false
            isInput = false
        }
        if isInput || isOutput { handle(.flushed(input: isInput, output: isOutput)) }
    }

    /// Throws away what the client was given and has not read.
    package mutating func dropUnread() {
        // Looking lets the kernel finish what it is still bringing there.
        var polled = pollfd(fd: slave.raw, events: Int16(POLLIN), revents: 0)
        _ = ports_poll(&polled, 1, 0)
        if tcflush(slave.raw, TCIFLUSH) == 0 { hasFlushedClientInput = true }
    }

    // MARK: Writing

    /// Writes as much as the client's queue has room for, without blocking. Returns how many bytes were taken.
    ///
    /// While no client has the port open, everything is taken and dropped, as a wire without a listener does it.
    package mutating func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        guard isOpen else {
            droppedByteCount += bytes.count
            return bytes.count
        }
        return try Ports.write(bytes, to: master.descriptor, path: path)
    }
}

/// Writes to a non-blocking terminal. Returns how many bytes it took; 0 when its queue is full.
func write(_ bytes: Span<UInt8>, to descriptor: FileDescriptor, path: String) throws(PortError) -> Int {
    guard !bytes.isEmpty else { return 0 }
    let count = bytes.withUnsafeBytes { raw in
        uninterrupted { Glibc.write(descriptor.rawValue, raw.baseAddress, raw.count) }
    }
    if count >= 0 { return count }
    guard Errno.last == .wouldBlock else { throw .last(path: path, "cannot write to the port") }
    return 0
}
