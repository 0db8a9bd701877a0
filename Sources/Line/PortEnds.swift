/// Which end of a line.
package enum LineEnd: UInt8, Hashable, Sendable, CaseIterable {
    case host
    case chip

    /// As files spell it.
    package var name: String { self == .host ? "host" : "chip" }
}

/// Which queues of a port, numbered as in the trace format: bit 0 input, bit 1 output.
package enum Queues: UInt8, Hashable, Sendable, CaseIterable {
    case input = 1
    case output = 2
    case both = 3

    /// As files spell it.
    package var name: String {
        switch self {
        case .input: "input"
        case .output: "output"
        case .both: "both"
        }
    }
}

/// Control lines of a serial port, 1 = asserted, as RTAC serial numbers them (LINKTYPE_RTAC_SERIAL, trace formats §B.1).
package struct ControlLines: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let clearToSend = ControlLines(rawValue: 0x01)
    package static let carrierDetect = ControlLines(rawValue: 0x02)
    package static let dataSetReady = ControlLines(rawValue: 0x04)
    package static let requestToSend = ControlLines(rawValue: 0x08)
    package static let dataTerminalReady = ControlLines(rawValue: 0x10)
    package static let ring = ControlLines(rawValue: 0x20)
    /// "MBOK", a signal of the RTAC's own mainboard.
    package static let mainboardOK = ControlLines(rawValue: 0x40)
}
