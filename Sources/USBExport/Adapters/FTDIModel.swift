import Line

/// FT232R, and FT232H at high speed (trace formats §B.6, FTDI).
struct FTDIModel: AdapterModel {
    let isHighSpeed: Bool
    private var format = FrameFormat.eightNone1
    private var modemStatus: UInt8 = 0
    /// Errors that the next packet with data is marked with: drivers look at no other.
    private var errors: UInt8 = 0
    private var errorCount = 0

    init(isHighSpeed: Bool) {
        self.isHighSpeed = isHighSpeed
        let packet: UInt16 = isHighSpeed ? 512 : 64
        device = DeviceDescription(
            vendor: 0x0403, product: isHighSpeed ? 0x6014 : 0x6001, usbVersion: 0x0200,
            deviceVersion: isHighSpeed ? 0x0900 : 0x0600, manufacturer: "FTDI",
            name: isHighSpeed ? "Single RS232-HS" : "FT232R USB UART", serialNumber: "A50285BI",
            interfaces: [.init(kind: [0xFF, 0xFF, 0xFF], endpoints: [.bulk(0x81, packet), .bulk(0x02, packet)])],
            bulkIn: 0x81, bulkOut: 0x02)
    }

    var name: String { isHighSpeed ? "an FT232H" : "an FT232R" }
    let device: DeviceDescription

    private static let latencyMilliseconds: UInt16 = 16

    /// Reset, and the time after which a packet goes that is not full.
    var startUp: [ControlRequest] {
        [
            ControlRequest(0x40, 0x00, 0), ControlRequest(0x40, 0x09, Self.latencyMilliseconds),
            ControlRequest(0xC0, 0x0A, data: [UInt8(Self.latencyMilliseconds)]),
        ]
    }

    // MARK: Rates

    /// Codes of the eighths of a divisor.
    private static let eighths: [Int64] = [0, 3, 2, 4, 1, 5, 6, 7]

    mutating func set(baud: UInt32) -> Expression {
        // The H chips' 12 MHz do not reach lower.
        let base: Int64 = isHighSpeed && baud >= 1200 ? 12_000_000 : 3_000_000
        let rate = Int64(baud)
        guard rate >= 184, rate <= base else {
            return cannotMake(baud, "184 to \(isHighSpeed ? 12_000_000 : 3_000_000)")
        }
        var parts = (8 * base + rate / 2) / rate
        // Between 1 and 2 there is 1.5 only.
        if parts < 16 { parts = parts < 10 ? 8 : (parts < 14 ? 12 : 16) }
        let code: Int64 =
            switch parts {
            case 8: 0
            case 12: 1
            default: parts / 8 | Self.eighths[Int(parts % 8)] << 14
            }
        let value = code | (base == 12_000_000 ? 0x20000 : 0)
        // The H chips have the channel below, and the only one of this is 0.
        let high = UInt16(value >> 16)
        return Expression(
            transfers: [
                .control(
                    ControlRequest(
                        0x40, 0x03, UInt16(truncatingIfNeeded: value), isHighSpeed ? high << 8 : high))
            ], shortfall: made((8 * base + parts / 2) / parts, for: baud))
    }

    // MARK: Format and lines

    mutating func set(_ format: FrameFormat) -> Expression {
        guard (7...8).contains(format.dataBits) else { return cannotFrame(format) }
        self.format = format
        return .requests(ControlRequest(0x40, 0x04, formatValue))
    }

    private var formatValue: UInt16 {
        UInt16(format.dataBits) | UInt16(format.parity.number) << 8 | UInt16(format.stopBits.number) << 11
    }

    mutating func sendBreak() -> Expression {
        .requests(
            ControlRequest(0x40, 0x04, formatValue | 0x4000), ControlRequest(0x40, 0x04, formatValue))
    }

    /// Bits 8 and 9 say which of DTR and RTS are meant.
    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression {
        .requests(ControlRequest(0x40, 0x01, lines.masked(by: changed)))
    }

    mutating func flush(_ queues: Queues) -> Expression {
        var expression = Expression()
        if queues != .output { expression.transfers.append(.control(ControlRequest(0x40, 0x00, 1))) }
        if queues != .input { expression.transfers.append(.control(ControlRequest(0x40, 0x00, 2))) }
        return expression
    }

    // MARK: Packets

    /// Two bytes of status before what a packet carries. Bits 0 and 1 say how long a packet is at most; THRE and TEMT
    /// that it has nothing left to send.
    private var status: [UInt8] { [modemStatus | (isHighSpeed ? 0x02 : 0x01), 0x60] }

    private var packetByteCount: Int { isHighSpeed ? 512 : 64 }

    mutating func sense(_ lines: ControlLines) -> Expression {
        modemStatus = lines.modemStatus
        return Expression(transfers: [.read(status)])
    }

    mutating func sense(_ error: ReceiveError, count: Int) -> Expression {
        guard count > 0 else { return Expression() }
        let bit = error.lineStatus
        // A packet says that there was one, and not how many.
        let isNew = errors & bit == 0
        errors |= bit
        errorCount += isNew ? 1 : 0
        let uncounted = count - (isNew ? 1 : 0)
        guard uncounted > 0 else { return Expression() }
        return .nothing(Shortfall(text: "\(error.name)s: \(name) says one for a packet", count: uncounted))
    }

    var unsaid: Shortfall? {
        errorCount == 0 ? nil : Shortfall(text: "receive errors with no data behind them", count: errorCount)
    }

    /// A read ends with a packet that is not full: of status alone if need be.
    var mostInRead: Int { (device.readByteCount / packetByteCount) * (packetByteCount - 2) - 1 }

    mutating func read(_ run: Span<UInt8>) -> [UInt8] {
        let carried = packetByteCount - 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(run.count + 2 * (run.count / carried + 1))
        var place = 0
        repeat {
            let end = min(run.count, place + carried)
            bytes += [status[0], status[1] | (end > place ? errors : 0)]
            if end > place { (errors, errorCount) = (0, 0) }
            run.extracting(place..<end).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            place = end
        } while place < run.count || bytes.count % packetByteCount == 0
        return bytes
    }

    var idle: (nanoseconds: Int64, read: [UInt8])? { (Int64(Self.latencyMilliseconds) * 1_000_000, status) }
}
