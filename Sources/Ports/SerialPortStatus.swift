import CPorts
import Files
import Glibc
package import Line

/// What a real port has and a pseudo-terminal has not: control lines, and a receiver that counts its errors. On the
/// latter everything here is nil or does nothing.
extension SerialPort {
    /// The control lines: those that the port asserts, and those that it sees.
    package var controlLines: ControlLines? {
        var lines: UInt32 = 0
        guard ports_lines_get(port.raw, &lines) == 0 else { return nil }
        return ControlLines(rawValue: UInt8(truncatingIfNeeded: lines))
    }

    /// Asserts RTS and DTR as `lines` has them. - Returns: whether the port has such lines.
    @discardableResult
    package func setLines(_ lines: ControlLines) -> Bool {
        ports_lines_set(port.raw, UInt32(lines.rawValue)) == 0
    }

    /// What its receiver has met; nil where the driver does not count.
    package var receiveCounts: ReceiveCounts? {
        var counts = ports_receive_counts()
        guard ports_receive_counts_get(port.raw, &counts) == 0 else { return nil }
        return ReceiveCounts(counts)
    }

    /// From now on `read` gives characters with marks where one was received with an error (`MarkedInput`).
    /// - Throws: `PortError`.
    package func markErrors() throws(PortError) {
        guard ports_mark_errors(port.raw) == 0 else { throw .last(path: path, "cannot set up the port") }
    }

    /// Discards what has been written and has not been sent yet.
    package func flushOutput() throws(PortError) {
        guard tcflush(port.raw, TCOFLUSH) == 0 else { throw .last(path: path, "cannot discard output") }
    }
}

extension PseudoTerminal {
    /// Whether the client wants its control lines lowered when it closes the port (HUPCL). Serial ports begin so,
    /// pseudo-terminals do not.
    package var hangsUpOnClose: Bool { ports_hangs_up(master.raw) == 1 }

    /// Lets clients find that set, as they do at a serial port.
    package func beginWithHangUp() { _ = ports_set_hang_up(slave.raw) }
}
