import Line
import Ports

/// The real port behind a recording. It comes and goes with its adapter; its settings are those that the flasher wants.
struct RecordedPort: ~Copyable {
    let path: String
    /// nil while it is gone.
    private var port: SerialPort?
    /// The rate that it was last asked for, in bits per second; the driver may have made another of it.
    private(set) var baud: Int
    private var marks = MarkedInput()
    private var buffer: [UInt8] = []
    private var flaws: [MarkedInput.Flaw] = []
    /// What its receiver had met when that was last looked at; nil where it does not count.
    private var counts: ReceiveCounts?
    /// The control lines when they were last looked at; nil where there are none.
    private(set) var lines: ControlLines?
    /// When they are looked at next where the driver does not count their changes: to look may take a USB transfer.
    private var lineLook = Instant.zero
    /// Those that the flasher wants asserted.
    private var wanted: ControlLines
    private var nextTry = Instant.zero

    /// How often a port that is gone is looked for.
    private static let retry = Duration.milliseconds(100)
    /// How often the receiver's counts, or else the control lines, are looked at while nothing arrives.
    private static let look = Duration.milliseconds(50)
    /// Until the flasher has set a rate.
    private static let firstBaud = 115_200

    /// Opens it. - Throws: `PortError`.
    init(path: String) throws(PortError) {
        self.path = path
        baud = Self.firstBaud
        // Nobody has opened the flasher's port yet.
        wanted = []
        port = try Self.open(path, baud: baud)
        begin()
    }

    private static func open(_ path: String, baud: Int) throws(PortError) -> SerialPort {
        let port = try SerialPort.open(path: path, baud: baud)
        try port.markErrors()
        return port
    }

    private mutating func begin() {
        marks = MarkedInput()
        counts = port?.receiveCounts
        lines = port?.controlLines
        // The kernel has raised both as it opened the port: that is the flasher's to do.
        if lines != nil { setLines(wanted) }
    }

    var isThere: Bool { port != nil }

    func pollDescriptor(hasOutput: Bool) -> [PollDescriptor] {
        (port?.pollDescriptor(hasOutput: hasOutput)).map { [$0] } ?? []
    }

    // MARK: Coming and going

    /// It is gone: from now on it is looked for.
    mutating func lose(at now: Instant) {
        port = nil
        lines = nil
        nextTry = now.advanced(by: Self.retry)
    }

    /// When it is looked for next; nil while it is there.
    var retryAt: Instant? { port == nil ? nextTry : nil }

    /// Looks whether it is there again, if that is due. - Returns: whether it came back with this call.
    mutating func retry(at now: Instant) -> Bool {
        guard port == nil, nextTry <= now else { return false }
        // Whatever it is, it may pass: rights come a moment after the device.
        // At a rate that it had before; the flasher's may be one that it refuses.
        guard let found = try? Self.open(path, baud: Self.firstBaud) else {
            nextTry = now.advanced(by: Self.retry)
            return false
        }
        port = consume found
        baud = Self.firstBaud
        begin()
        return true
    }

    // MARK: Bytes

    /// Gives all that it has received since the last call, with the flaws of single characters.
    /// - Throws: `PortError`, `.hungUp` when it is gone; what came before that is still given by `received`.
    mutating func read() throws(PortError) {
        guard port != nil else { return }
        // The closure changes what is beside the port.
        var (marks, buffer, flaws) = (self.marks, self.buffer, self.flaws)
        self.buffer = []
        defer { (self.marks, self.buffer, self.flaws) = (marks, buffer, flaws) }
        try port?.read { marks.take($0, into: &buffer, flaws: &flaws) }
    }

    /// Takes what has been read: characters, and what was wrong with some.
    mutating func received(_ take: ([UInt8], [MarkedInput.Flaw]) -> Void) {
        guard !buffer.isEmpty else { return }
        take(buffer, flaws)
        buffer.removeAll(keepingCapacity: true)
        flaws.removeAll(keepingCapacity: true)
    }

    /// Writes as much as the driver has room for. - Returns: how many bytes it took. - Throws: `PortError`, `.hungUp`.
    mutating func write(_ bytes: ArraySlice<UInt8>) throws(PortError) -> Int {
        try port?.write(bytes.span) ?? bytes.count
    }

    // MARK: Settings

    /// Sets the rate, if all that was written before has gone out at the old one.
    /// - Returns: false where that is not so yet.
    /// - Throws: `PortError`: `.unsupportedBaud` once for a rate that it does not make, `.hungUp`.
    mutating func follow(_ baud: Int) throws(PortError) -> Bool {
        // A port keeps the rate that its last client has set.
        port?.leavesRate = true
        guard baud != self.baud, baud > 0 else { return true }
        guard isDrained else { return false }
        self.baud = baud
        try port?.setBaud(baud)
        return true
    }

    /// Whether all it was given has left it, as far as its driver knows.
    var isDrained: Bool { mutating get { port?.isDrained ?? true } }

    /// Bytes that its driver holds.
    var queuedByteCount: Int { mutating get { port?.queuedByteCount ?? 0 } }

    /// Discards what its queues hold. What has left the driver's is the adapter's, and stays: an ACK that is written and
    /// flushed at once must not be lost here where it would not be without us (ECR6600 facts §13.4).
    mutating func flush(input: Bool, output: Bool) throws(PortError) {
        if input { try port?.flushInput() }
        if output, port?.isDrained == false { try port?.flushOutput() }
    }

    /// Asserts RTS and DTR as the flasher wants them. - Returns: all control lines as they are now; nil where it has none.
    @discardableResult
    mutating func setLines(_ wanted: ControlLines) -> ControlLines? {
        self.wanted = wanted
        guard let before = lines, port?.setLines(wanted) == true else { return nil }
        lines = before.subtracting([.requestToSend, .dataTerminalReady])
            .union(wanted.intersection([.requestToSend, .dataTerminalReady]))
        return lines
    }

    // MARK: What its receiver says

    /// What has become known since the last call: characters that its receiver has lost, and the control lines, if they
    /// have changed.
    mutating func status(at now: Instant) -> (overrun: Int, lines: ControlLines?) {
        var overrun = 0
        var mayHaveChanged = false
        if let before = counts {
            guard let after = port?.receiveCounts, after != before else { return (0, nil) }
            overrun = after.overrun(since: before)
            mayHaveChanged = after.lineChanges != before.lineChanges
            counts = after
        } else if lineLook <= now {
            lineLook = now.advanced(by: Self.look)
            mayHaveChanged = true
        }
        guard mayHaveChanged, let before = lines, let after = port?.controlLines, after != before else {
            return (overrun, nil)
        }
        lines = after
        return (overrun, after)
    }

    /// When its status is looked at next; nil for a port that has none.
    func statusDeadline(at now: Instant) -> Instant? {
        port == nil || (counts == nil && lines == nil) ? nil : now.advanced(by: Self.look)
    }
}
