import Line

/// CP2102 and its relatives (trace formats §B.6, CP210x).
struct CP210xModel: AdapterModel {
    /// What escapes an event among the bytes that it reads, once events have been asked for.
    static let escape: UInt8 = 0xEC
    private var embedsEvents = false

    let name = "a CP210x"
    let device = DeviceDescription(
        vendor: 0x10C4, product: 0xEA60, deviceVersion: 0x0100, manufacturer: "Silicon Labs",
        name: "CP2102 USB to UART Bridge Controller", serialNumber: "0001",
        interfaces: [.init(kind: [0xFF, 0, 0], endpoints: [.bulk(0x81, 64), .bulk(0x01, 64)])], bulkIn: 0x81,
        bulkOut: 0x01)

    /// Which chip it is: 2 for a CP2102.
    var startUp: [ControlRequest] { [ControlRequest(0xC0, 0xFF, 0x370B, data: [0x02])] }

    mutating func open() -> [ControlRequest]? { [ControlRequest(0x41, 0x00, 1)] }

    mutating func close() -> [ControlRequest]? {
        defer { embedsEvents = false }
        let off = embedsEvents ? [ControlRequest(0x41, 0x15, 0)] : []
        return off + [ControlRequest(0x41, 0x00, 0)]
    }

    mutating func set(baud: UInt32) -> Expression {
        var rate: [UInt8] = []
        rate.append(littleEndian: baud)
        return .requests(ControlRequest(0x41, 0x1E, data: rate))
    }

    mutating func set(_ format: FrameFormat) -> Expression {
        guard (5...8).contains(format.dataBits) else { return cannotFrame(format) }
        let value =
            UInt16(format.dataBits) << 8 | UInt16(format.parity.number) << 4 | UInt16(format.stopBits.number)
        return .requests(ControlRequest(0x41, 0x03, value))
    }

    /// Bits 8 and 9 say which of DTR and RTS are meant.
    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression {
        .requests(ControlRequest(0x41, 0x07, lines.masked(by: changed)))
    }

    mutating func sendBreak() -> Expression {
        .requests(ControlRequest(0x41, 0x05, 1), ControlRequest(0x41, 0x05, 0))
    }

    /// Bits 0 and 2 are of what is to be sent, 1 and 3 of what has been received.
    mutating func flush(_ queues: Queues) -> Expression {
        let value: UInt16 =
            switch queues {
            case .input: 0x0A
            case .output: 0x05
            case .both: 0x0F
            }
        return .requests(ControlRequest(0x41, 0x12, value))
    }

    // MARK: Embedded events

    mutating func sense(_ lines: ControlLines) -> Expression {
        event([Self.escape, 0x03, lines.modemStatus])
    }

    mutating func sense(_ error: ReceiveError, count: Int) -> Expression {
        let said = max(0, min(count, mostErrorsAtOnce))
        var expression = event((0..<said).flatMap { _ in [Self.escape, 0x02, error.lineStatus] })
        if said < count {
            expression.shortfall = Shortfall(
                text: "\(error.name)s: no more than \(mostErrorsAtOnce) of one moment are written", count: count - said)
        }
        return expression
    }

    /// The first one that is needed turns them on.
    private mutating func event(_ bytes: [UInt8]) -> Expression {
        guard !bytes.isEmpty else { return Expression() }
        defer { embedsEvents = true }
        let on = embedsEvents ? [] : [Expression.Transfer.control(ControlRequest(0x41, 0x15, UInt16(Self.escape)))]
        return Expression(transfers: on + [.read(bytes)])
    }

    /// Each byte may be escaped.
    var mostInRead: Int { embedsEvents ? device.readByteCount / 2 : device.readByteCount }

    mutating func read(_ run: Span<UInt8>) -> [UInt8] {
        guard embedsEvents else { return run.withUnsafeBufferPointer { Array($0) } }
        var bytes: [UInt8] = []
        for index in run.indices {
            bytes.append(run[index])
            if run[index] == Self.escape { bytes.append(0x00) }
        }
        return bytes
    }
}
