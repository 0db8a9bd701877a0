import CPorts
import Files
import Glibc
import Line
import SystemPackage

/// The other end of a control socket: gives an emulation lines and takes lines from it.
package struct ControlConnection: ~Copyable {
    /// The socket it is connected to.
    package let path: String
    /// The process at the other end; nil where it cannot be seen from here.
    package let process: Int32?
    private let end: OwnedDescriptor
    private var received: [UInt8] = []
    private let clock = MonotonicClock()

    /// Bytes of a line that is taken: no answer is nearly as long.
    private static let longestLine = 1 << 20

    /// - Parameter patience: how long to wait where too many others do.
    /// - Throws: `PortError`: `.missing`, `.noAnswer` when nobody listens, `.noPermission`.
    package init(path: String, patience: Duration = .seconds(5)) throws(PortError) {
        let milliseconds = Int32(clamping: patience.wholeNanoseconds / 1_000_000)
        guard let end = OwnedDescriptor(uninterrupted { ports_local_connect(path.systemName, max(1, milliseconds)) })
        else {
            switch Errno.last {
            case .connectionRefused:
                throw PortError(
                    .noAnswer, path: path, "no emulation listens there any more",
                    remedy: "solderless ctl list shows those that run")
            case .wouldBlock: throw Self.silence(path)
            default: throw .last(path: path, "cannot reach the control socket")
            }
        }
        self.end = end
        self.path = path
        var process: Int32 = 0
        var user: UInt32 = 0
        self.process = ports_local_peer(self.end.raw, &process, &user) == 0 && process > 0 ? process : nil
    }

    /// What a loop waits for before `nextLine`.
    package var pollDescriptor: PollDescriptor { PollDescriptor(end.descriptor, for: .readable) }

    /// Sends a line. - Throws: `PortError` `.hungUp`.
    package func send(_ line: String) throws(PortError) {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        let count = uninterrupted { ports_local_send(end.raw, bytes, bytes.count) }
        guard count == bytes.count else { throw .last(path: path, "the emulation does not take commands") }
    }

    /// The next line; nil when the other end has let go.
    /// - Parameter limit: how long to wait for it; nil for ever.
    /// - Throws: `PortError` `.noAnswer` when it does not come.
    package mutating func nextLine(within limit: Duration?) throws(PortError) -> String? {
        let end = limit.map { clock.now.advanced(by: $0) }
        while true {
            if let line = takeLine() { return line }
            guard try take() else { return nil }
            if received.contains(UInt8(ascii: "\n")) { continue }
            let ready = try Readiness.wait(for: [pollDescriptor], until: end, clock: clock)
            guard !ready[0].isEmpty else { throw Self.silence(path) }
        }
    }

    /// The next line, if it is there already. - Returns: nil for none yet; whether the other end has let go.
    package mutating func lineAtHand() throws(PortError) -> (line: String?, hasEnded: Bool) {
        if let line = takeLine() { return (line, false) }
        let isThere = try take()
        return (takeLine(), !isThere)
    }

    /// Waits until the process at the other end has ended; where it cannot be watched, until it has let go of this
    /// connection, which an emulation does once its files are complete.
    /// - Returns: whether it has, within the limit.
    package mutating func waitForItsEnd(within limit: Duration) throws(PortError) -> Bool {
        let end = clock.now.advanced(by: limit)
        guard let process else { return try waitForHangUp(until: end) }
        guard let watch = OwnedDescriptor(ports_process_watch(process)) else {
            if Errno.last == .noSuchProcess { return true }
            return try waitForHangUp(until: end)
        }
        let interest = [PollDescriptor(watch.descriptor, for: .readable)]
        return try !Readiness.wait(for: interest, until: end, clock: clock)[0].isEmpty
    }

    private mutating func waitForHangUp(until end: Instant) throws(PortError) -> Bool {
        while try take() {
            received.removeAll()
            guard try !Readiness.wait(for: [pollDescriptor], until: end, clock: clock)[0].isEmpty else { return false }
        }
        return true
    }

    /// Takes what has come. - Returns: false when nothing more will.
    private mutating func take() throws(PortError) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = uninterrupted { read(end.raw, &bytes, bytes.count) }
        guard count >= 0 else {
            if Errno.last == .wouldBlock { return true }
            if Errno.last == .connectionReset { return false }
            throw .last(path: path, "cannot read from the control socket")
        }
        received += bytes[..<count]
        guard received.count <= Self.longestLine else {
            throw PortError(.tooLarge, path: path, "an answer is too long")
        }
        return count > 0
    }

    private static func silence(_ path: String) -> PortError {
        PortError(
            .noAnswer, path: path, "the emulation does not answer", remedy: "has it been stopped (^Z, SIGSTOP)?")
    }

    private mutating func takeLine() -> String? {
        guard let feed = received.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { received.removeFirst(feed + 1) }
        return String(decoding: received[..<feed], as: UTF8.self)
    }
}
