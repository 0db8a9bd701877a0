package import Line

/// What a program asks of its port beside reading and writing. It waits for the answer.
package enum PortRequest: Hashable, Sendable {
    /// Nothing but the answer.
    case state
    /// The port was opened by its name: a driver then asserts DTR and RTS.
    case opened
    /// Some of the lines that a port drives become others.
    case lines(asserted: ControlLines, released: ControlLines)
    /// The terminal's settings have been changed.
    case settings
    /// What was received, or has not been sent, is thrown away.
    case flush(Queues)
    case sendBreak(BreakPart)
    /// Nothing but that what was written has crossed the line.
    case drain
    case serial(SerialSettings)

    package enum BreakPart: UInt32, Hashable, Sendable {
        case whole, beginning, end
    }

    /// Whether it is carried out only when everything that was written before has crossed the line.
    package var waitsForData: Bool {
        switch self {
        case .state, .flush: false
        case .opened, .lines, .settings, .sendBreak, .drain, .serial: true
        }
    }
}

/// The answer to a request that has been carried out: the state of the port.
package struct PortAnswer: Hashable, Sendable {
    /// All lines: those that the port asserts, and those that it sees.
    package var lines: ControlLines
    /// Characters that the port has received and sent.
    package var received: Int
    package var sent: Int
    package var serial: SerialSettings

    package init(lines: ControlLines, received: Int, sent: Int, serial: SerialSettings) {
        self.lines = lines
        self.received = received
        self.sent = sent
        self.serial = serial
    }
}

/// What setserial sets: kept for those who ask.
package struct SerialSettings: Hashable, Sendable {
    /// ASYNC_*, as <linux/serial.h> has them.
    package var flags: UInt32
    package var divisor: UInt32

    package init(flags: UInt32 = 0, divisor: UInt32 = 0) {
        self.flags = flags
        self.divisor = divisor
    }
}
