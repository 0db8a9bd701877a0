import Line

/// Bits of the 16550's registers, which CP210x and FTDI send as they are (trace formats §B.6).
extension ControlLines {
    /// DTR and RTS of the modem control register; CDC's line state has the same.
    var modemControl: UInt16 { (contains(.dataTerminalReady) ? 0x01 : 0) | (contains(.requestToSend) ? 0x02 : 0) }

    /// The modem status register without its marks of change.
    var modemStatus: UInt8 {
        (contains(.clearToSend) ? 0x10 : 0) | (contains(.dataSetReady) ? 0x20 : 0) | (contains(.ring) ? 0x40 : 0)
            | (contains(.carrierDetect) ? 0x80 : 0)
    }

    /// DTR and RTS as they are to be, and in the high byte which of them are meant.
    func masked(by changed: ControlLines) -> UInt16 {
        changed.modemControl << 8 | intersection(changed).modemControl
    }
}

extension ReceiveError {
    /// Its bit of the line status register.
    var lineStatus: UInt8 {
        switch self {
        case .overrun: 0x02
        case .parity: 0x04
        case .framing: 0x08
        case .break: 0x10
        }
    }
}
