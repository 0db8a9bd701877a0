import Line

/// PL2303HX and PL2303TA, whose divisors differ (trace formats §B.6, PL2303).
struct PL2303Model: AdapterModel {
    let isTA: Bool
    private var coding = LineCoding()
    private var state: UInt8 = 0

    init(isTA: Bool) {
        self.isTA = isTA
        device = DeviceDescription(
            vendor: 0x067B, product: 0x2303, usbVersion: isTA ? 0x0200 : 0x0110, deviceVersion: 0x0300,
            manufacturer: "Prolific Technology Inc.", name: "USB-Serial Controller",
            interfaces: [
                .init(
                    kind: [0xFF, 0, 0], endpoints: [.interrupt(0x81, 10, every: 1), .bulk(0x02, 64), .bulk(0x83, 64)])
            ],
            bulkIn: 0x83, bulkOut: 0x02, interruptIn: 0x81, interruptByteCount: 10, readByteCount: 256,
            writeByteCount: 256)
    }

    var name: String { isTA ? "a PL2303TA" : "a PL2303" }
    let device: DeviceDescription
    var unsaid: Shortfall? { coding.unsaid }

    /// The vendor's registers that its driver looks at first.
    var startUp: [ControlRequest] {
        [
            ControlRequest(0xC0, 0x01, 0x8484, data: [0x02]), ControlRequest(0x40, 0x01, 0x0404),
            ControlRequest(0xC0, 0x01, 0x8484, data: [0x02]), ControlRequest(0xC0, 0x01, 0x8383, data: [0x00]),
        ]
    }

    /// Rates that it takes as they are; others are divisors. (Linux 6.1, `pl2303.c`.)
    private static let plainRates: Set<UInt32> = [
        75, 150, 300, 600, 1200, 1800, 2400, 3600, 4800, 7200, 9600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200,
        230_400, 460_800, 614_400, 921_600, 1_228_800, 2_457_600, 3_000_000, 6_000_000,
    ]
    /// 12 MHz · 32.
    private static let clock: Int64 = 384_000_000

    mutating func set(baud: UInt32) -> Expression {
        if Self.plainRates.contains(baud) {
            var field: [UInt8] = []
            field.append(littleEndian: baud)
            return .requests(coding.set(baud: field))
        }
        guard (46...6_000_000).contains(baud) else { return cannotMake(baud, "46 to 6000000") }
        // HX: a mantissa of 9 bits and fourths; TA: of 11 bits and halves.
        let (limit, step): (Int64, Int64) = isTA ? (2048, 2) : (512, 4)
        var power: Int64 = 1
        var exponent: UInt8 = 0
        var mantissa: Int64
        repeat {
            let unit = Int64(baud) * power
            mantissa = (Self.clock + unit / 2) / unit
            guard mantissa >= limit else { break }
            power *= step
            exponent += 1
        } while true
        let low = UInt8(truncatingIfNeeded: mantissa)
        let high = UInt8(truncatingIfNeeded: mantissa >> 8)
        let field =
            isTA ? [low, high | (exponent >> 1) << 5, exponent & 1, 0x80] : [low, high | exponent << 1, 0, 0x80]
        let divisor = mantissa * power
        return Expression(
            transfers: [.control(coding.set(baud: field))],
            shortfall: made((Self.clock + divisor / 2) / divisor, for: baud))
    }

    mutating func set(_ format: FrameFormat) -> Expression {
        guard (5...8).contains(format.dataBits) else { return cannotFrame(format) }
        return Expression(transfers: coding.set(format).map { [.control($0)] } ?? [])
    }

    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression { .requests(LineCoding.lines(lines)) }

    mutating func sendBreak() -> Expression { LineCoding.breaks }

    /// Its state has CTS as well.
    mutating func sense(_ lines: ControlLines) -> Expression {
        state = LineCoding.bits(lines) | (lines.contains(.clearToSend) ? 0x80 : 0)
        return Expression(transfers: [LineCoding.state(state)])
    }

    mutating func sense(_ error: ReceiveError, count: Int) -> Expression { LineCoding.errors(error, count, state) }
}
