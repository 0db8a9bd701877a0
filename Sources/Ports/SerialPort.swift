import CPorts
import Files
import Glibc
import SystemPackage

/// The host's end of a serial line: a real port, or the pseudo-terminal of an emulator. Raw 8N1, never blocking.
///
/// Nobody else may use the port meanwhile (TIOCEXCL, and flock for those whom TIOCEXCL does not stop). Its settings are
/// put back when it closes.
package struct SerialPort: ~Copyable {
    /// The path it was opened by.
    package let path: String
    /// The rate in bits per second as the driver has it, which may round what was asked for.
    package private(set) var baud: Int
    /// Whether the rate is left as it is when the port closes: it is somebody else's choice.
    package var leavesRate = false

    let port: OwnedDescriptor
    private var buffer = [UInt8](repeating: 0, count: 65536)
    private let former: ports_terminal_settings

    /// Opens a port and discards what it had received before.
    ///
    /// - Parameter baud: bits per second, 1...4,294,967,295; the driver may refuse less than that.
    /// - Throws: `PortError`: `.missing`, `.noPermission`, `.busy`, `.notATerminal`, `.unsupportedBaud`, `.hungUp`.
    package static func open(path: String, baud: Int) throws(PortError) -> SerialPort {
        var port = try SerialPort(path: path, port: openAlone(path))
        try port.claim(baud: baud)
        return port
    }

    private init(path: String, port: consuming OwnedDescriptor) throws(PortError) {
        former = try SerialPort.settings(of: port.raw, path: path)
        baud = 0
        self.path = path
        self.port = port
    }

    deinit {
        // Refused when the port is gone; there is nothing to put back then.
        withUnsafePointer(to: former) { former in
            if leavesRate {
                _ = ports_settings_set_at(port.raw, former, SerialPort.rate(baud))
            } else {
                _ = ports_settings_set(port.raw, former)
            }
        }
        _ = ports_exclusive_set(port.raw, 0)
    }

    /// Closes the port and puts its settings back, at once: call `isDrained` before if output may still be queued.
    package consuming func close() {}

    /// What to wait for: readable means that `read` has something.
    ///
    /// - Parameter hasOutput: `write` has left something over; wake up as well when there is room again.
    package func pollDescriptor(hasOutput: Bool = false) -> PollDescriptor {
        PollDescriptor(port.descriptor, for: hasOutput ? [.readable, .writable] : .readable)
    }

    /// Whether the port is a pseudo-terminal: its rate then shifts nothing, and it has no modem lines.
    package var isPseudoTerminal: Bool {
        resolved(path)?.hasPrefix("/dev/pts/") ?? false
    }

    /// Whether the driver has sent everything it was given. A pseudo-terminal always says so, and an adapter may still
    /// hold some.
    package var isDrained: Bool { queuedByteCount == 0 }

    /// Bytes that the driver was given and has not sent; 0 where it does not say.
    package var queuedByteCount: Int {
        var count: Int32 = 0
        return ports_output_pending(port.raw, &count) == 0 ? max(0, Int(count)) : 0
    }

    /// Changes the rate once everything written so far has gone out at the old one.
    ///
    /// The only call that may block, for as long as the queued bytes take; wait for `isDrained` to avoid that. What a
    /// pseudo-terminal's other side has not read counts as gone out.
    ///
    /// - Parameter baud: bits per second.
    /// - Throws: `PortError`, `.unsupportedBaud` if the driver refuses it or misses it by more than 3 %.
    package mutating func setBaud(_ baud: Int) throws(PortError) {
        guard ports_baud_set(port.raw, SerialPort.rate(baud)) == 0 else {
            throw SerialPort.settingError(path, baud: baud)
        }
        try readBackBaud(asked: baud)
    }

    /// Discards what has been received and not yet read.
    package func flushInput() throws(PortError) {
        guard tcflush(port.raw, TCIFLUSH) == 0 else { throw .last(path: path, "cannot discard input") }
    }

    /// Hands over everything received since the last call, in order, without blocking; may call `handle` several times.
    /// Returns how many bytes there were.
    ///
    /// - Throws: `PortError`, `.hungUp` when the port is gone; what came before that has been handed over.
    @discardableResult
    package mutating func read(_ handle: (Span<UInt8>) -> Void) throws(PortError) -> Int {
        var total = 0
        // At 4 Mbaud a megabyte takes 2.6 s: a bound for pseudo-terminals, whose other side may write without end.
        while total < 1 << 20 {
            let raw = port.raw
            let count = buffer.withUnsafeMutableBytes { bytes in
                uninterrupted { Glibc.read(raw, bytes.baseAddress, bytes.count) }
            }
            // VMIN is 1: nothing to read is EAGAIN, and 0 the end of a port that hung up.
            if count < 0, Errno.last == .wouldBlock { break }
            guard count > 0 else {
                throw count == 0 ? SerialPort.hangUp(path, nil) : SerialPort.transferError(path, "cannot read")
            }
            handle(buffer.span.extracting(0..<count))
            total += count
            // Less than there was room for is all there was; what comes now wakes the caller again.
            if count < buffer.count { break }
        }
        return total
    }

    /// Writes as much as the driver has room for, without blocking. Returns how many bytes it took, perhaps 0.
    ///
    /// - Throws: `PortError`, `.hungUp` when the port is gone.
    package mutating func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        do {
            return try Ports.write(bytes, to: port.descriptor, path: path)
        } catch {
            throw error.code == .hungUp ? SerialPort.hangUp(path, error.errno) : error
        }
    }

    private static func openAlone(_ path: String) throws(PortError) -> OwnedDescriptor {
        let flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
        guard let port = OwnedDescriptor(uninterrupted { Glibc.open(path.systemName, flags) }) else {
            throw openingError(path)
        }
        guard isatty(port.raw) == 1 else {
            throw PortError(
                .notATerminal, path: path, "this is not a serial port", remedy: "name a port such as /dev/ttyUSB0",
                errno: .inappropriateIOCTLForDevice)
        }
        // Root passes TIOCEXCL, so look at it before laying claim to the port.
        guard ports_exclusive_get(port.raw) != 1, flock(port.raw, LOCK_EX | LOCK_NB) == 0 else {
            throw busyError(path)
        }
        return port
    }

    private static func settings(of port: Int32, path: String) throws(PortError) -> ports_terminal_settings {
        var settings = ports_terminal_settings()
        guard ports_settings_get(port, &settings) == 0 else { throw .last(path: path, "cannot read the settings") }
        return settings
    }

    private mutating func claim(baud: Int) throws(PortError) {
        guard ports_exclusive_set(port.raw, 1) == 0, ports_make_raw(port.raw, SerialPort.rate(baud)) == 0 else {
            throw SerialPort.settingError(path, baud: baud)
        }
        try readBackBaud(asked: baud)
    }

    private mutating func readBackBaud(asked: Int) throws(PortError) {
        var actual: UInt32 = 0
        guard ports_baud_get(port.raw, &actual) == 0 else { throw SerialPort.settingError(path, baud: asked) }
        baud = Int(actual)
        guard abs(baud - asked) * 100 <= asked * 3 else {
            throw PortError(
                .unsupportedBaud, path: path, "the driver sets \(actual) baud instead of \(asked)",
                remedy: "choose another rate")
        }
    }

    private static func rate(_ baud: Int) -> UInt32 {
        UInt32(clamping: baud)
    }
}

// MARK: - What went wrong

extension SerialPort {
    private static func openingError(_ path: String) -> PortError {
        let reason = Errno.last
        switch reason {
        case .noSuchAddressOrDevice where path == "/dev/tty":
            return .last(
                path: path, "this process has no terminal",
                remedy: "name the adapter's port, such as /dev/ttyUSB0", number: reason)
        case .noSuchAddressOrDevice:
            return .last(
                path: path, "the device file exists, but there is no port",
                remedy: "plug in the adapter, or look for it in /dev/serial/by-id", number: reason)
        case .noSuchFileOrDirectory, .notDirectory, .operationNotSupportedByDevice:
            return .last(
                path: path, "there is no such port",
                remedy: "plug in the adapter, or look for it in /dev/serial/by-id",
                number: reason)
        case .permissionDenied, .notPermitted:
            return .last(
                path: path, "you may not open the port",
                remedy: "join its group, on Debian and Ubuntu: sudo usermod -aG dialout $USER, then log in again",
                number: reason)
        case .resourceBusy:
            return busyError(path)
        default:
            return .last(path: path, "cannot open the port", number: reason)
        }
    }

    private static func busyError(_ path: String) -> PortError {
        PortError(
            .busy, path: path, "another program is using the port", remedy: "close it; `fuser -v \(path)` names it",
            errno: .resourceBusy)
    }

    private static func settingError(_ path: String, baud: Int) -> PortError {
        let reason = Errno.last
        guard reason == .invalidArgument || reason == .inappropriateIOCTLForDevice else {
            return transferError(path, "cannot set up the port", reason)
        }
        return PortError(
            .unsupportedBaud, path: path, "the driver refuses \(baud) baud", remedy: "choose another rate",
            errno: reason)
    }

    private static func transferError(_ path: String, _ happened: String, _ reason: Errno = .last) -> PortError {
        reason == .ioError || reason == .noSuchAddressOrDevice
            ? hangUp(path, reason) : .last(path: path, happened, number: reason)
    }

    private static func hangUp(_ path: String, _ reason: Errno?) -> PortError {
        PortError(
            .hungUp, path: path, "the port is gone",
            remedy: "the adapter was unplugged, or the emulator has ended", errno: reason)
    }
}
