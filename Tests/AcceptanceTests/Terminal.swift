import CPorts
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A terminal with somebody at it: a pseudo-terminal whose master the test holds.
final class Terminal {
    private let master: Int32
    private let slave: Int32
    let path: String
    private var text = ""

    /// Without rows it reports no size, like a serial console.
    init(rows: UInt16 = 0, columns: UInt16 = 0) throws {
        var number: UInt32 = 0
        master = ports_pty_open(&number)
        try #require(master >= 0)
        path = "/dev/pts/\(number)"
        // Kept open, so that its mode stays and can be asked for.
        slave = ports_pty_open_slave(master)
        try #require(slave >= 0)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
    }

    deinit {
        close(slave)
        close(master)
    }

    /// A line of a shell that has it as its controlling terminal, in a session of its own.
    func session(_ line: String) -> String {
        // Opened in there: the first terminal that a session's leader opens is the session's.
        "setsid -w sh -c 'exec <>\(path) >&0 2>&0; \(line.replacing("'", with: "'\\''"))' $0"
    }

    func type(_ keys: String) {
        _ = write(master, keys, keys.utf8.count)
    }

    /// Waits until that has been shown since the last wait; ten seconds at most.
    func shows(_ wanted: String) async throws -> Bool {
        let isShown = try await eventually {
            take()
            return text.contains(wanted)
        }
        if let range = text.range(of: wanted) {
            text = String(text[range.upperBound...])
        } else {
            Issue.record("\(wanted.debugDescription) was not shown, but \(text.debugDescription)")
        }
        return isShown
    }

    /// What has been shown since the last wait.
    func shown() -> String {
        take()
        return text
    }

    /// Its mode, as bytes.
    var mode: [UInt8] {
        var settings = ports_terminal_settings()
        _ = ports_settings_get(slave, &settings)
        return withUnsafeBytes(of: settings) { Array($0) }
    }

    /// How many bytes a reader waits for, at least.
    var leastRead: UInt8 {
        var settings = termios()
        tcgetattr(slave, &settings)
        return withUnsafeBytes(of: settings.c_cc) { $0[Int(VMIN)] }
    }

    private func take() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let count = read(master, &bytes, bytes.count), count > 0 {
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
    }
}
