import CPorts
import Files
import Glibc
import Line
import Synchronization
import SystemPackage

/// A terminal of a program's own: what it prints comes out here as it is printed, for a program at a terminal does not
/// keep its lines in a buffer. What is typed is not echoed.
package final class OutputTerminal: Sendable {
    private let master: OwnedDescriptor
    /// The program's end; -1 once the program has it.
    private let slave: Atomic<Int32>
    private let stopping: WakeUp

    /// - Parameter columns: so many it says it has.
    /// - Throws: `PortError`.
    package init(columns: UInt16 = 120) throws(PortError) {
        var number: UInt32 = 0
        stopping = try WakeUp()
        guard let master = OwnedDescriptor(ports_pty_open(&number)) else {
            throw .last(path: "/dev/ptmx", "cannot make a terminal for the command")
        }
        self.master = master
        slave = Atomic(ports_pty_open_slave(self.master.raw))
        let raw = program
        var mode = termios()
        var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard raw >= 0, tcgetattr(raw, &mode) == 0 else { throw Self.failure(number) }
        mode.c_lflag &= ~tcflag_t(ECHO)
        mode.c_oflag &= ~tcflag_t(ONLCR)
        guard tcsetattr(raw, TCSANOW, &mode) == 0, ioctl(raw, UInt(TIOCSWINSZ), &size) == 0 else {
            throw Self.failure(number)
        }
    }

    private static func failure(_ number: UInt32) -> PortError {
        .last(path: "/dev/pts/\(number)", "cannot set up the command's terminal")
    }

    deinit { letGo() }

    /// The program's end, until it has it.
    var program: Int32 { slave.load(ordering: .relaxed) }

    /// The program has its end: ours goes, or nobody would notice that it has ended.
    package func letGo() {
        let raw = slave.exchange(-1, ordering: .relaxed)
        if raw >= 0 { close(raw) }
    }

    /// Types something. A program that does not read does not hold up anybody: what finds no room is lost.
    package func type(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            _ = uninterrupted { Glibc.write(master.raw, bytes.baseAddress, bytes.count) }
        }
    }

    /// Hands over what is printed, until every program that has the terminal has let go of it, or `stop` is called.
    package func follow(_ take: ([UInt8]) -> Void) {
        let clock = MonotonicClock()
        let waited = [PollDescriptor(master.descriptor, for: .readable), stopping.pollDescriptor]
        var bytes = [UInt8](repeating: 0, count: 16384)
        while let ready = try? Readiness.wait(for: waited, until: nil, clock: clock) {
            if ready[0] != [] {
                let count = uninterrupted { Glibc.read(master.raw, &bytes, bytes.count) }
                if count > 0 { take(Array(bytes[..<count])) }
                // The terminal's way to say that nobody has it any more is an error.
                if count == 0 || (count < 0 && Errno.last != .wouldBlock) { return }
            }
            if ready[1] != [] { return }
        }
    }

    /// Ends `follow`, now or at its next wait.
    package func stop() { stopping.wake() }
}
