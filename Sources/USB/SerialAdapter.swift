package import Line

/// What a family's driver and its adapter say to each other, in the words of a serial line.
package protocol SerialAdapter: Sendable {
    /// The low byte of the index in its requests: an interface, with FTDI a channel; nil where any will do.
    var requestIndex: UInt8? { get }
    /// Takes a request that the adapter has accepted.
    mutating func control(_ request: ControlRequest, into output: inout AdapterOutput)
    /// Says what waited for a request that might have followed: data comes instead, either way.
    mutating func settle(into output: inout AdapterOutput)
    /// Takes what a bulk transfer brought to the host.
    mutating func bulkIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput)
    /// Takes what an interrupt transfer brought to the host.
    mutating func interruptIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput)
    /// What stands among the bytes that the host sends and is none of them; nil where nothing does.
    var sentHead: SentHead? { get }
    /// How many bytes of the line a transfer of so many brings to the host.
    func lineByteCount(ofTransfer count: Int) -> Int
}

extension SerialAdapter {
    package var requestIndex: UInt8? { nil }

    /// Whether a request is about this channel.
    package func isMine(_ setup: USBSetup) -> Bool {
        requestIndex.map { UInt16($0) == setup.index & 0xFF } ?? true
    }

    package mutating func bulkIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) { output.append(bytes) }
    package mutating func interruptIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {}
    package var sentHead: SentHead? { nil }
    package mutating func settle(into output: inout AdapterOutput) {}
    package func lineByteCount(ofTransfer count: Int) -> Int { count }
}

/// Bytes at the beginning of each packet from the host that the adapter keeps to itself.
package struct SentHead: Hashable, Sendable {
    /// How many they are.
    package var byteCount: Int
    /// Of a packet, with them.
    package var packetByteCount: Int
}

/// What adapters make of transfers; emptied after each.
package struct AdapterOutput: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        /// So many more of `bytes`.
        case data(count: Int)
        /// In bits per second.
        case baud(UInt32)
        case format(FrameFormat)
        /// What the adapter answers when it is asked for its rate, or its format: news only where neither is known.
        case reportedBaud(UInt32)
        case reportedFormat(FrameFormat)
        /// A character that a request carries, ahead of what waits.
        case sentAtOnce(UInt8)
        /// How the data's flow is held, in words: "RTS/CTS".
        case flowControl(String)
        /// These lines of the mask are asserted now, and its others are not.
        case lines(ControlLines, mask: ControlLines)
        case breakSent
        case purged(Queues)
        case opened
        case closed
        case error(ReceiveError)
        /// In milliseconds.
        case latencyTimer(Int)
        /// A request that makes no sense, in words.
        case odd(String)
    }

    /// What reached the host.
    package private(set) var bytes: [UInt8] = []
    package private(set) var events: [Event] = []

    package init() {}

    mutating func append(_ event: Event) { events.append(event) }

    mutating func append(_ span: Span<UInt8>) {
        guard !span.isEmpty else { return }
        span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        extendData(by: span.count)
    }

    mutating func append(byte: UInt8) {
        bytes.append(byte)
        extendData(by: 1)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
    }

    private mutating func extendData(by count: Int) {
        if case .data(let before) = events.last {
            events[events.count - 1] = .data(count: before + count)
        } else {
            events.append(.data(count: count))
        }
    }
}

extension AdapterOutput {
    /// A rate in so many words: the first four bytes, little-endian.
    mutating func append(baudIn data: [UInt8]) {
        let rate = data.span.littleEndian(UInt32.self, at: 0)
        append(rate > 0 ? .baud(rate) : .odd("a rate of 0"))
    }

    /// A rate of `numerator / denominator` bits per second, or the nominal one that it is meant to be. What no divisor can
    /// give is odd.
    mutating func append(baud numerator: Int, over denominator: Int) {
        guard denominator > 0, let rate = UInt32(exactly: (numerator + denominator / 2) / denominator), rate > 0 else {
            return append(.odd("a rate that cannot be: \(numerator)/\(denominator)"))
        }
        append(.baud(NominalBaud.snapped(rate)))
    }

    /// The seven bytes of CDC's line coding, which the PL2303 has too (trace formats §B.6), without the rate.
    mutating func append(formatOfLineCoding data: [UInt8]) {
        guard let format = Self.format(ofLineCoding: data) else {
            return append(.odd("a frame format that cannot be: \(data[4]) \(data[5]) \(data[6])"))
        }
        append(.format(format))
    }

    /// The same as the adapter answers it; what makes no sense is passed over, as before anybody has set it.
    mutating func append(reportedFormatOfLineCoding data: [UInt8]) {
        if let format = Self.format(ofLineCoding: data) { append(.reportedFormat(format)) }
    }

    private static func format(ofLineCoding data: [UInt8]) -> FrameFormat? {
        guard let parity = FrameFormat.Parity(rawValue: data[5]), data[4] <= 2, (5...16).contains(data[6]) else {
            return nil
        }
        return FrameFormat(dataBits: data[6], parity: parity, stopBits: FrameFormat.StopBits(code: data[4]))
    }

    /// A rate that the adapter answers in so many words; 0 before anybody has set it.
    mutating func append(reportedBaudIn data: [UInt8]) {
        let rate = data.span.littleEndian(UInt32.self, at: 0)
        if rate > 0 { append(.reportedBaud(rate)) }
    }

    /// DTR in bit 0 and RTS in bit 1.
    mutating func append(outputs value: UInt16, mask: UInt16 = 3) {
        func lines(_ bits: UInt16) -> ControlLines {
            var lines: ControlLines = []
            if bits & 1 != 0 { lines.insert(.dataTerminalReady) }
            if bits & 2 != 0 { lines.insert(.requestToSend) }
            return lines
        }
        append(.lines(lines(value & mask), mask: lines(mask)))
    }

    /// CTS 10, DSR 20, RI 40, DCD 80, as a 16550 has them, and with it FTDI and CP210x.
    mutating func append(modemStatus status: UInt8) {
        var lines: ControlLines = []
        if status & 0x10 != 0 { lines.insert(.clearToSend) }
        if status & 0x20 != 0 { lines.insert(.dataSetReady) }
        if status & 0x40 != 0 { lines.insert(.ring) }
        if status & 0x80 != 0 { lines.insert(.carrierDetect) }
        append(.lines(lines, mask: .inputs))
    }

    /// The state of CDC's notification and of the PL2303's: 01 DCD, 02 DSR, 04 break, 08 RI, 10 framing, 20 parity,
    /// 40 overrun, 80 CTS with the PL2303 alone.
    mutating func append(serialState state: UInt8, hasClearToSend: Bool) {
        var lines: ControlLines = []
        if state & 0x01 != 0 { lines.insert(.carrierDetect) }
        if state & 0x02 != 0 { lines.insert(.dataSetReady) }
        if state & 0x08 != 0 { lines.insert(.ring) }
        if hasClearToSend, state & 0x80 != 0 { lines.insert(.clearToSend) }
        append(.lines(lines, mask: hasClearToSend ? .inputs : .inputs.subtracting(.clearToSend)))
        if state & 0x04 != 0 { append(.error(.break)) }
        if state & 0x10 != 0 { append(.error(.framing)) }
        if state & 0x20 != 0 { append(.error(.parity)) }
        if state & 0x40 != 0 { append(.error(.overrun)) }
    }
}

extension ControlLines {
    /// What the other side drives.
    static let inputs: ControlLines = [.clearToSend, .dataSetReady, .ring, .carrierDetect]
}

extension FrameFormat.StopBits {
    /// 0 one, 1 one and a half, else two, as all families but the CH340 number them.
    init(code: UInt8) {
        self = code == 0 ? .one : code == 1 ? .oneAndAHalf : .two
    }
}
