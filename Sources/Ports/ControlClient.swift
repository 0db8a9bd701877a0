import CPorts
import Files
import Glibc
import SystemPackage

/// One client of a control socket, with what it has sent of a line and what it has not yet read.
final class ControlClient {
    private let end: OwnedDescriptor
    private var received: [UInt8] = []
    private var unsent: [UInt8] = []
    private var interest: Readiness = .readable
    /// It sends no more.
    private var hasEnded = false
    /// It stays although it sends no more.
    var isHeld = false
    /// It cannot be reached any more.
    var isLost = false

    /// What waits for a client that does not read; with more it is let go. Some thousand events.
    static let mostUnsent = 256 << 10
    /// The most bytes read from one client in one call: a flood waits, the line does not.
    private static let mostAtOnce = 512

    /// The next one that has connected, if it is of this user; nil when there is none.
    init?(accepting listener: FileDescriptor) {
        guard let end = OwnedDescriptor(uninterrupted { ports_local_accept(listener.rawValue) }) else { return nil }
        self.end = end
        var process: Int32 = 0
        var user: UInt32 = 0
        // The socket's mode keeps others out; so would a copy of the descriptor not, that somebody handed on.
        let isOurs = ports_local_peer(self.end.raw, &process, &user) == 0 && (user == getuid() || user == 0)
        isLost = !isOurs
    }

    var descriptor: FileDescriptor { end.descriptor }

    /// Whether there is nothing left to do with it.
    var isDone: Bool { isLost || (hasEnded && !isHeld && unsent.isEmpty) || unsent.count > Self.mostUnsent }

    /// What it is to be waited for, if that is another thing than before.
    func newInterest() -> Readiness? {
        // One that does not read its answers is not asked for more questions.
        let wanted: Readiness = unsent.isEmpty ? (hasEnded ? [] : .readable) : .writable
        guard wanted != interest else { return nil }
        interest = wanted
        return wanted
    }

    /// Takes a piece of what it has sent, and hands over the lines in it.
    func read(_ handle: (ControlSocket.Input) -> Void) {
        guard !hasEnded else { return }
        var bytes = [UInt8](repeating: 0, count: Self.mostAtOnce)
        let count = uninterrupted { Glibc.read(end.raw, &bytes, bytes.count) }
        guard count >= 0 else {
            if Errno.last != .wouldBlock { isLost = true }
            return
        }
        guard count > 0 else {
            // The last line may lack its line feed.
            hasEnded = true
            return takeLine(handle)
        }
        for byte in bytes[..<count] {
            if byte == UInt8(ascii: "\n") {
                takeLine(handle)
            } else if received.count < ControlSocket.longestLine {
                received.append(byte)
            } else {
                hasEnded = true
                isHeld = false
                received.removeAll()
                return handle(.lineTooLong)
            }
        }
    }

    /// Empty lines are nothing.
    private func takeLine(_ handle: (ControlSocket.Input) -> Void) {
        guard !received.isEmpty else { return }
        let line = received
        received.removeAll(keepingCapacity: true)
        handle(.line(line))
    }

    func append(_ line: String) {
        unsent += line.utf8
        unsent.append(UInt8(ascii: "\n"))
    }

    /// Sends what it takes now.
    func write() {
        guard !unsent.isEmpty, !isLost else { return }
        let count = unsent.withUnsafeBytes { bytes in
            uninterrupted { ports_local_send(end.raw, bytes.baseAddress, bytes.count) }
        }
        if count > 0 {
            unsent.removeFirst(count)
        } else if count < 0, Errno.last != .wouldBlock {
            isLost = true
        }
    }
}
