import CPorts
import Files
import Glibc
import SystemPackage

/// The keys of the terminal that a program has in its foreground, each as it is pressed.
///
/// In the background it reads nothing and leaves the terminal's mode alone: whatever the foreground reads is not touched.
/// The mode that it found comes back with `suspend`, and when this value ends.
package final class TerminalKeys {
    /// A description of its own: that it does not block is then nobody else's business.
    private let own: OwnedDescriptor
    private var terminal: FileDescriptor { own.descriptor }
    private let watched: DescriptorSet
    /// The mode that was found; nil while the terminal is not ours.
    private var found: ports_terminal_settings?

    private static let token: UInt64 = 0

    /// The keys of standard input; they are read while this program has it in the foreground.
    /// - Returns: nil where it is no terminal, or standard output is none: a script that reads that may share the terminal, and
    ///   what is typed there is the script's. Nil also where the terminal cannot be opened.
    /// - Throws: `PortError`.
    package static func ofStandardInput() throws(PortError) -> TerminalKeys? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        guard let own = OwnedDescriptor(open("/proc/self/fd/\(STDIN_FILENO)", flags)) else { return nil }
        let keys = try TerminalKeys(own)
        keys.resume()
        return keys
    }

    private init(_ own: consuming OwnedDescriptor) throws(PortError) {
        self.own = own
        watched = try DescriptorSet()
        // In the background reading and setting would stop the process. It does neither, but may be moved there between
        // asking and reading.
        signal(SIGTTIN, SIG_IGN)
        signal(SIGTTOU, SIG_IGN)
    }

    deinit {
        suspend()
    }

    /// What the loop waits for: readable when a key was pressed, never while the terminal is not ours.
    package var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    /// Whether keys are read.
    package var areRead: Bool { found != nil }

    /// Gives the terminal back as it was found.
    package func suspend() {
        guard var settings = found else { return }
        found = nil
        watched.remove(terminal)
        // The process that has the terminal by now has set its own mode.
        if Self.isForeground { _ = ports_settings_set(terminal.rawValue, &settings) }
    }

    /// Takes the terminal, if it is ours to take. To be called when the process goes on after a stop.
    package func resume() {
        guard found == nil, Self.isForeground else { return }
        var settings = ports_terminal_settings()
        guard ports_settings_get(terminal.rawValue, &settings) == 0,
            ports_make_key_by_key(terminal.rawValue) == 0
        else { return }
        found = settings
        if !watched.add(terminal, for: .readable, token: Self.token) { suspend() }
    }

    /// The next key that was pressed, if there is one; does not block. What is typed after the last that was asked for is
    /// the next reader's.
    package func next() -> UInt8? {
        guard found != nil, !watched.ready(most: 1).isEmpty else { return nil }
        guard Self.isForeground else {
            suspend()
            return nil
        }
        var key: UInt8 = 0
        let count = uninterrupted { read(terminal.rawValue, &key, 1) }
        // Somebody else who reads it was faster.
        if count < 0, Errno.last == .wouldBlock { return nil }
        // Nothing although it is readable: the terminal has gone, or is not ours any more.
        if count <= 0 { suspend() }
        return count > 0 ? key : nil
    }

    private static var isForeground: Bool { tcgetpgrp(STDIN_FILENO) == getpgrp() }
}
