import Line

/// Requests of the communications class, which PL2303 has as well (trace formats §B.6, PL2303 and CDC-ACM).
struct LineCoding: Sendable {
    private var baud: [UInt8]?
    private var format = FrameFormat.eightNone1
    /// A format that waits for the rate with which it is sent.
    private(set) var unsaid: Shortfall?

    /// - Parameter field: the four bytes that say the rate.
    mutating func set(baud field: [UInt8]) -> ControlRequest {
        baud = field
        unsaid = nil
        return request(field)
    }

    /// - Returns: nil while there is no rate.
    mutating func set(_ format: FrameFormat) -> ControlRequest? {
        self.format = format
        guard let baud else {
            unsaid = Shortfall(text: "frame format \(format): it is told with a rate, and none is set")
            return nil
        }
        return request(baud)
    }

    /// SET_LINE_CODING: rate, stop bits, parity, data bits.
    private func request(_ baud: [UInt8]) -> ControlRequest {
        ControlRequest(
            0x21, 0x20, data: baud + [format.stopBits.number, format.parity.number, format.dataBits])
    }

    /// SET_CONTROL_LINE_STATE.
    static func lines(_ lines: ControlLines) -> ControlRequest {
        ControlRequest(0x21, 0x22, lines.modemControl)
    }

    /// SEND_BREAK, until it is taken back.
    static let breaks = Expression.requests(ControlRequest(0x21, 0x23, 0xFFFF), ControlRequest(0x21, 0x23, 0))

    /// SERIAL_STATE, with these two bytes.
    static func state(_ low: UInt8) -> Expression.Transfer {
        .notification([0xA1, 0x20, 0, 0, 0, 0, 2, 0, low, 0])
    }

    /// Bits of the state that say what the line's inputs are.
    static func bits(_ lines: ControlLines) -> UInt8 {
        (lines.contains(.carrierDetect) ? 0x01 : 0) | (lines.contains(.dataSetReady) ? 0x02 : 0)
            | (lines.contains(.ring) ? 0x08 : 0)
    }

    /// The bit of the state that says what is wrong.
    static func bit(_ error: ReceiveError) -> UInt8 {
        switch error {
        case .break: 0x04
        case .framing: 0x10
        case .parity: 0x20
        case .overrun: 0x40
        }
    }

    /// So many states, each with that error. - Parameter lines: what else they say.
    static func errors(_ error: ReceiveError, _ count: Int, _ lines: UInt8) -> Expression {
        let said = max(0, min(count, mostErrorsAtOnce))
        let states = [Expression.Transfer](repeating: state(lines | bit(error)), count: said)
        return Expression(
            transfers: states,
            shortfall: said == count
                ? nil
                : Shortfall(
                    text: "\(error.name)s: no more than \(mostErrorsAtOnce) of one moment are written",
                    count: count - said))
    }
}
