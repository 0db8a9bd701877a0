import Line

/// What a command of the COM-PORT-OPTION is about, as the client numbers it (RFC 2217 §2 to §5).
enum ComPortCode: UInt8, CaseIterable {
    case signature
    case baudRate
    case dataSize
    case parity
    case stopSize
    case control
    case lineState
    case modemState
    case suspend
    case resume
    case lineStateMask
    case modemStateMask
    case purge

    /// The access server's number for it.
    var ofServer: UInt8 { rawValue + 100 }
}

/// Values of SET-CONTROL (RFC 2217 §3).
enum ComPortControl {
    static let queryFlow: UInt8 = 0
    static let noFlow: UInt8 = 1
    /// XON/XOFF and hardware flow control, of both directions or the outbound one.
    static let setFlow: ClosedRange<UInt8> = 1...3
    static let queryBreak: UInt8 = 4
    static let breakOn: UInt8 = 5
    static let breakOff: UInt8 = 6
    static let queryDTR: UInt8 = 7
    static let dtrOn: UInt8 = 8
    static let dtrOff: UInt8 = 9
    static let queryRTS: UInt8 = 10
    static let rtsOn: UInt8 = 11
    static let rtsOff: UInt8 = 12
    static let queryInboundFlow: UInt8 = 13
    static let noInboundFlow: UInt8 = 14
    static let setInboundFlow: ClosedRange<UInt8> = 14...16
    /// Flow control by DCD, of the outbound direction or both.
    static let flowByDCD: UInt8 = 17
    /// By DTR, of the inbound direction.
    static let inboundFlowByDTR: UInt8 = 18
    /// By DSR, of the outbound direction or both.
    static let flowByDSR: UInt8 = 19
}

/// NOTIFY-MODEMSTATE's octet (RFC 2217 §4): the lines that a port sees in its upper half, which of them have changed in its
/// lower one. Of RI only its end counts as a change.
enum ModemState {
    private static let bits: [(line: ControlLines, state: UInt8, change: UInt8)] = [
        (.carrierDetect, 0x80, 0x08), (.ring, 0x40, 0x04), (.dataSetReady, 0x20, 0x02), (.clearToSend, 0x10, 0x01),
    ]

    static func octet(_ lines: ControlLines, before: ControlLines) -> UInt8 {
        bits.reduce(0) { octet, bit in
            let (isAsserted, wasAsserted) = (lines.contains(bit.line), before.contains(bit.line))
            let hasChanged = bit.line == .ring ? wasAsserted && !isAsserted : wasAsserted != isAsserted
            return octet | (isAsserted ? bit.state : 0) | (hasChanged ? bit.change : 0)
        }
    }
}
