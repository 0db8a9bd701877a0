import Emulator
import Line
package import Ports

#if canImport(Glibc)
    import Glibc
#endif

/// The keys of an emulation that has the terminal.
package final class EmulationKeys {
    /// What there is to press.
    package static let legend = "p power on/off, r reset, s status, q end"

    /// Signals that an emulation with keys has to know of: it gives the terminal back before it ends or stops.
    package static let signals = SignalPipe.ending + [SIGTSTP, SIGCONT]

    private let keys: TerminalKeys
    private let clock = MonotonicClock()
    /// When it was last seen whether the terminal has come back.
    private var lookedAt = Instant.zero

    /// A shell does not say when it moves a running program to the foreground. Asked so often, and only when something else
    /// happens.
    private static let pause = Duration.seconds(1)

    /// - Returns: nil where standard input or standard output is no terminal.
    /// - Throws: `PortError`.
    package init?() throws(PortError) {
        guard let keys = try TerminalKeys.ofStandardInput() else { return nil }
        self.keys = keys
    }

    /// Whether keys are read now.
    package var areRead: Bool { keys.areRead }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { keys.pollDescriptor }

    /// Does what the keys say that were pressed. - Returns: whether to end.
    /// - Parameter say: shows a line to the person.
    package func follow(_ emulation: Emulation, say: (String) -> Void) -> Bool {
        lookForTerminal()
        while let key = keys.next() {
            switch key {
            // A port that fails ends the emulation with the next turn, which says why.
            case UInt8(ascii: "p"): _ = try? emulation.command(.power(on: !emulation.isPowered))
            case UInt8(ascii: "r"): _ = try? emulation.command(.reset)
            case UInt8(ascii: "s"): say(emulation.status.line)
            case UInt8(ascii: "q"): return true
            default: break
            }
        }
        return false
    }

    /// Follows what came through the signal pipe. - Returns: whether to end.
    package func hear(_ signals: borrowing SignalPipe) -> Bool {
        for signal in signals.signals() {
            switch signal {
            case SIGTSTP:
                keys.suspend()
                signals.takeDefaultAction(of: signal)
                keys.resume()
            case SIGCONT: keys.resume()
            default: return true
            }
        }
        return false
    }

    private func lookForTerminal() {
        guard !keys.areRead else { return }
        let now = clock.now
        guard lookedAt.duration(to: now) >= Self.pause else { return }
        lookedAt = now
        keys.resume()
    }
}
