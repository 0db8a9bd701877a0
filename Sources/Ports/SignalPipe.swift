import CPorts
import Files
import Glibc
import SystemPackage

/// Signals as something to read: a handler writes each one to a pipe, and the loop takes it from there like any input.
///
/// There is one for the process at a time. Dropping it gives the signals their former actions back.
package struct SignalPipe: ~Copyable {
    private let readEnd: OwnedDescriptor
    private let writeEnd: OwnedDescriptor

    /// The signals that end a program which does not catch them, except SIGKILL, the few that a program sends itself when
    /// its writing goes wrong, and those that report an error of the program itself.
    package static let ending: [Int32] =
        [
            SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO,
            SIGPWR,
        ] + Array(Int32(ports_first_free_signal())...64)

    /// - Parameter signals: the signals to catch; by default all that end a program.
    /// - Throws: `PortError`, `.busy` when there is a signal pipe already.
    package init(_ signals: [Int32] = SignalPipe.ending) throws(PortError) {
        var ends: [Int32] = [-1, -1]
        guard ports_pipe(&ends) == 0, let readEnd = OwnedDescriptor(ends[0]), let writeEnd = OwnedDescriptor(ends[1])
        else { throw .last(path: "", "cannot make a pipe for signals") }
        guard ports_signals_catch(signals, signals.count, writeEnd.raw) == 0 else {
            throw .last(path: "", "cannot catch signals")
        }
        self.readEnd = readEnd
        self.writeEnd = writeEnd
    }

    deinit {
        // Before the ends close: the handler must not write to a number that is somebody else's by then.
        ports_signals_release()
    }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { PollDescriptor(readEnd.descriptor, for: .readable) }

    /// The signals that have come since the last call, oldest first; does not block.
    package func signals() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = uninterrupted { read(readEnd.raw, &bytes, bytes.count) }
        return bytes.prefix(max(0, count)).map(Int32.init)
    }
}

/// Makes writing to a closed pipe or socket an error (EPIPE) instead of the end of the process.
package func ignoreBrokenPipe() {
    signal(SIGPIPE, SIG_IGN)
}

/// Makes writing beyond the process's limit for files (`ulimit -f`) an error (EFBIG) instead of the end of the process:
/// whoever writes can then tidy up.
package func ignoreFileSizeLimit() {
    signal(SIGXFSZ, SIG_IGN)
}

/// Gives SIGQUIT its own meaning back. Swift's runtime takes it for a crash, and its backtracer keeps the process, with all
/// that it holds.
package func letQuitEnd() {
    signal(SIGQUIT, SIG_DFL)
}

/// The name of a signal as a person types it, `SIGTERM`.
package func signalName(_ number: Int32) -> String {
    String(cString: ports_signal_name(number))
}

extension SignalPipe {
    /// Lets a caught signal do what it does to a program that does not catch it: stop it, or end it. Returns when the
    /// program goes on.
    package func takeDefaultAction(of signal: Int32) {
        ports_signal_take_default(signal)
    }
}
