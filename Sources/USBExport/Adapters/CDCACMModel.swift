import Line

/// A device of the communications class, such as a CH9102 or a microcontroller's own port (trace formats §B.6, CDC-ACM).
struct CDCACMModel: AdapterModel {
    private var coding = LineCoding()
    private var lines: ControlLines = []

    let name = "CDC-ACM"
    let device = DeviceDescription(
        vendor: 0x1A86, product: 0x55D4, deviceVersion: 0x0442, deviceClass: 0x02, manufacturer: "QinHeng",
        name: "USB Single Serial", serialNumber: "5436012345",
        interfaces: [
            .init(
                kind: [0x02, 0x02, 0x01],
                // Header, call management, ACM's abilities (line coding, break), union.
                functional: [
                    [5, 0x24, 0x00, 0x10, 0x01], [5, 0x24, 0x01, 0x00, 0x01], [4, 0x24, 0x02, 0x06],
                    [5, 0x24, 0x06, 0x00, 0x01],
                ],
                endpoints: [.interrupt(0x83, 16, every: 1)]),
            .init(kind: [0x0A, 0, 0], endpoints: [.bulk(0x02, 64), .bulk(0x82, 64)]),
        ],
        bulkIn: 0x82, bulkOut: 0x02, interruptIn: 0x83, interruptByteCount: 16)

    var unsaid: Shortfall? { coding.unsaid }

    mutating func set(baud: UInt32) -> Expression {
        var field: [UInt8] = []
        field.append(littleEndian: baud)
        return .requests(coding.set(baud: field))
    }

    mutating func set(_ format: FrameFormat) -> Expression {
        // As many as the class has (trace formats §B.6).
        guard (5...8).contains(format.dataBits) || format.dataBits == 16 else { return cannotFrame(format) }
        return Expression(transfers: coding.set(format).map { [.control($0)] } ?? [])
    }

    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression { .requests(LineCoding.lines(lines)) }

    mutating func sendBreak() -> Expression { LineCoding.breaks }

    /// CTS has no bit.
    mutating func sense(_ lines: ControlLines) -> Expression {
        let changed = lines.symmetricDifference(self.lines)
        self.lines = lines
        let shortfall = changed.contains(.clearToSend) ? Shortfall(text: "CTS: \(name) has no bit for it") : nil
        guard changed != .clearToSend else { return Expression(shortfall: shortfall) }
        return Expression(transfers: [LineCoding.state(LineCoding.bits(lines))], shortfall: shortfall)
    }

    mutating func sense(_ error: ReceiveError, count: Int) -> Expression {
        LineCoding.errors(error, count, LineCoding.bits(lines))
    }
}
