package import Line

/// What stands before every payload in a trace: the header of LINKTYPE_RTAC_SERIAL (250), big-endian
/// (trace formats §B.1, tcpdump.org's list of link-layer header types).
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | seconds since 1970 |
/// | 4 | 4 | microseconds |
/// | 8 | 1 | event type |
/// | 9 | 1 | control lines, 1 = asserted |
/// | 10 | 2 | footer, reserved: 0 |
package struct RTACHeader: Hashable, Sendable {
    /// Seconds since 1970. Nanoseconds are kept in the capture file's own record header, which is believed instead.
    package var seconds: UInt32
    /// 0 to 999,999.
    package var microseconds: UInt32
    package var event: RTACEvent
    package var lines: ControlLines
    /// Reserved; written as 0, read as it is.
    package var footer: UInt16

    /// Bytes before the payload.
    package static let byteCount = 12

    package init(
        seconds: UInt32, microseconds: UInt32, event: RTACEvent, lines: ControlLines = [], footer: UInt16 = 0
    ) {
        self.seconds = seconds
        self.microseconds = microseconds
        self.event = event
        self.lines = lines
        self.footer = footer
    }

    /// Reads the first twelve bytes of a record. - Throws: `TraceError` `.tooShort` when there are fewer.
    package init(parsing record: Span<UInt8>) throws(TraceError) {
        guard record.count >= Self.byteCount else {
            throw TraceError(
                .tooShort, at: record.count, "an RTAC serial record has at least 12 bytes, this one \(record.count)")
        }
        self.init(
            seconds: record.bigEndian(at: 0), microseconds: record.bigEndian(at: 4),
            event: RTACEvent(rawValue: record[8]), lines: ControlLines(rawValue: record[9]),
            footer: record.bigEndian(at: 10))
    }

    /// Appends the header's twelve bytes.
    package func emit(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: seconds)
        bytes.append(bigEndian: microseconds)
        bytes.append(event.rawValue)
        bytes.append(lines.rawValue)
        bytes.append(bigEndian: footer)
    }
}

/// Event types of RTAC serial (trace formats §B.1).
package struct RTACEvent: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let statusChange = RTACEvent(rawValue: 0x00)
    /// Data from the host to the chip.
    package static let dataTransmitStart = RTACEvent(rawValue: 0x01)
    /// Data from the chip to the host.
    package static let dataReceiveStart = RTACEvent(rawValue: 0x02)
    /// As `dataTransmitStart`; accepted, never written.
    package static let dataTransmitEnd = RTACEvent(rawValue: 0x03)
    /// As `dataReceiveStart`; accepted, never written.
    package static let dataReceiveEnd = RTACEvent(rawValue: 0x04)
    package static let captureDataLost = RTACEvent(rawValue: 0x05)
    package static let captureComplete = RTACEvent(rawValue: 0x06)
    package static let framingError = RTACEvent(rawValue: 0x07)
    package static let parityError = RTACEvent(rawValue: 0x08)
    package static let serialBreak = RTACEvent(rawValue: 0x09)
    package static let serialOverflow = RTACEvent(rawValue: 0x0A)

    package var description: String {
        let names = [
            "STATUS_CHANGE", "DATA_TX_START", "DATA_RX_START", "DATA_TX_END", "DATA_RX_END", "CAPTURE_DATA_LOST",
            "CAPTURE_COMPLETE", "FRAMING_ERROR", "PARITY_ERROR", "SERIAL_BREAK_EVENT", "SERIAL_OVERFLOW_EVENT",
        ]
        return Int(rawValue) < names.count ? names[Int(rawValue)] : "event \(rawValue)"
    }
}

extension Array<UInt8> {
    /// Appends the integer, highest byte first, as RTAC serial and our items have it.
    mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}

extension Span<UInt8> {
    /// The integer whose highest byte stands at `offset`; the caller has checked that it lies inside.
    func bigEndian<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
        var value: Value = 0
        for index in 0..<(Value.bitWidth / 8) {
            value = (value << 8) | Value(truncatingIfNeeded: self[offset + index])
        }
        return value
    }
}

extension RTACEvent {
    /// Which way the record's payload went, if it is data: TX is the host's.
    package var direction: Direction? {
        switch self {
        case .dataTransmitStart, .dataTransmitEnd: .hostToChip
        case .dataReceiveStart, .dataReceiveEnd: .chipToHost
        default: nil
        }
    }
}
