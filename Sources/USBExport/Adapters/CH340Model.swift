import Line

/// CH340 and CH341, by each of the three ways in which drivers set them (trace formats §B.6, CH340/CH341).
struct CH340Model: AdapterModel {
    let requests: Requests
    private var baud: UInt32?
    private var format = FrameFormat.eightNone1
    /// A format that waits for the rate with which it is sent.
    private(set) var unsaid: Shortfall?

    enum Requests: Sendable {
        /// Registers 0x1312 and 0x2518, as Linux writes them today.
        case registers
        /// Registers 0x1312 and 0x0F2C, as its older drivers do.
        case factor
        /// Request 0xA1, as WCH's own drivers do it.
        case vendor
    }

    init(_ requests: Requests) {
        self.requests = requests
    }

    let name = "a CH340"
    let device = DeviceDescription(
        vendor: 0x1A86, product: 0x7523, deviceVersion: 0x0264, deviceClass: 0xFF, manufacturer: "QinHeng",
        name: "USB2.0-Serial",
        interfaces: [
            .init(
                kind: [0xFF, 1, 2], endpoints: [.bulk(0x82, 32), .bulk(0x02, 32), .interrupt(0x81, 8, every: 1)])
        ],
        bulkIn: 0x82, bulkOut: 0x02, interruptIn: 0x81, interruptByteCount: 8, readByteCount: 512, writeByteCount: 512)

    var startUp: [ControlRequest] { [ControlRequest(0xC0, 0x5F, data: [0x31, 0x00]), ControlRequest(0x40, 0xA1)] }

    // MARK: Rates

    /// What a rate is made with. 48 MHz is divided by 2^(12 − 3·prescaler − fact) and by 1 to 256.
    struct Divisor: Equatable {
        var prescaler: UInt16
        var fact: UInt16
        /// 2 to 256, with `fact` 9 to 256, as Linux has them.
        var divisor: Int64

        /// By how much 48 MHz is divided in all.
        var factor: Int64 { divisor << (12 - 3 * Int64(prescaler) - Int64(fact)) }
        var rate: Int64 { (48_000_000 + factor / 2) / factor }
        /// The high byte of the register.
        var high: UInt16 { UInt16(256 - divisor) }

        /// The nearest to a rate; the halved clock where both make the same.
        init(nearest baud: UInt32) {
            self.init(prescaler: 0, fact: 0, divisor: 256)
            for fact: UInt16 in 0...1 {
                for prescaler: UInt16 in 0...3 {
                    for divisor: Int64 in (fact == 1 ? 9 : 2)...256 {
                        let other = Divisor(prescaler: prescaler, fact: fact, divisor: divisor)
                        if other.miss(baud) < miss(baud) { self = other }
                    }
                }
            }
        }

        private init(prescaler: UInt16, fact: UInt16, divisor: Int64) {
            self.prescaler = prescaler
            self.fact = fact
            self.divisor = divisor
        }

        /// How far the rate is off, in millionths of it.
        private func miss(_ baud: UInt32) -> Int64 {
            abs(48_000_000 - Int64(baud) * factor) * 1_000_000 / (Int64(baud) * factor)
        }
    }

    /// Rates that the divisors reach.
    private static let range: ClosedRange<UInt32> = 46...3_000_000

    mutating func set(baud: UInt32) -> Expression {
        guard Self.range.contains(baud) else {
            return cannotMake(baud, "\(Self.range.lowerBound) to \(Self.range.upperBound)")
        }
        self.baud = baud
        unsaid = nil
        switch requests {
        case .registers:
            let divisor = Divisor(nearest: baud)
            let value = divisor.high << 8 | 0x80 | divisor.fact << 2 | divisor.prescaler
            return Expression(
                transfers: [.control(ControlRequest(0x40, 0x9A, 0x1312, value))],
                shortfall: made(divisor.rate, for: baud))
        case .factor: return setFactor(baud)
        case .vendor:
            return Expression(
                transfers: [.control(lineRequest(baud))], shortfall: made(Divisor(nearest: baud).rate, for: baud))
        }
    }

    /// baud = 1532620800 / ((0x10000 − factor) · 8^(3 − prescaler)).
    private func setFactor(_ baud: UInt32) -> Expression {
        var count = 1_532_620_800 / Int64(baud)
        var prescaler: UInt16 = 3
        while count > 0xFFF0, prescaler > 0 {
            count /= 8
            prescaler -= 1
        }
        let factor = UInt16(0x10000 - count)
        let divisor = count << (3 * (3 - Int64(prescaler)))
        return Expression(
            transfers: [
                .control(ControlRequest(0x40, 0x9A, 0x1312, factor & 0xFF00 | prescaler)),
                .control(ControlRequest(0x40, 0x9A, 0x0F2C, factor & 0xFF)),
            ], shortfall: made((1_532_620_800 + divisor / 2) / divisor, for: baud))
    }

    // MARK: Format

    /// 0x80 and 0x40 let it receive and send; 0x20 mark or space, 0x10 even, 0x08 parity, 0x04 two stop bits.
    private var lineControl: UInt16 {
        let parity: UInt16 =
            switch format.parity {
            case .none: 0
            case .odd: 0x08
            case .even: 0x18
            case .mark: 0x28
            case .space: 0x38
            }
        return 0xC0 | parity | (format.stopBits == .two ? 0x04 : 0) | UInt16(format.dataBits - 5)
    }

    private func lineRequest(_ baud: UInt32) -> ControlRequest {
        let divisor = Divisor(nearest: baud)
        return ControlRequest(
            0x40, 0xA1, lineControl << 8 | 0x9C, divisor.high << 8 | 0x88 | divisor.fact << 2 | divisor.prescaler)
    }

    mutating func set(_ format: FrameFormat) -> Expression {
        guard (5...8).contains(format.dataBits), format.stopBits != .oneAndAHalf else { return cannotFrame(format) }
        self.format = format
        guard requests == .vendor else { return .requests(ControlRequest(0x40, 0x9A, 0x2518, lineControl)) }
        guard let baud else {
            unsaid = Shortfall(text: "frame format \(format): \(name) is told it with a rate, and none is set")
            return Expression()
        }
        return .requests(lineRequest(baud))
    }

    // MARK: Lines

    /// Inverted: a line is asserted where its bit is 0.
    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression {
        let asserted: UInt16 =
            (lines.contains(.dataTerminalReady) ? 0x20 : 0) | (lines.contains(.requestToSend) ? 0x40 : 0)
        return .requests(ControlRequest(0x40, 0xA4, ~asserted))
    }

    /// Inverted likewise, in byte 2 of 4.
    mutating func sense(_ lines: ControlLines) -> Expression {
        let asserted: UInt8 =
            (lines.contains(.clearToSend) ? 1 : 0) | (lines.contains(.dataSetReady) ? 2 : 0)
            | (lines.contains(.ring) ? 4 : 0) | (lines.contains(.carrierDetect) ? 8 : 0)
        return Expression(transfers: [.notification([0x08, 0x3F, ~asserted, 0xEE])])
    }

    /// Bit 0 of register 0x05 and the sender's bit of register 0x18 are cleared for as long as the break lasts.
    mutating func sendBreak() -> Expression {
        let sending = lineControl << 8 | 0x01
        return .requests(
            ControlRequest(0xC0, 0x95, 0x1805, data: [0x01, UInt8(lineControl)]),
            ControlRequest(0x40, 0x9A, 0x1805, sending & ~0x4001), ControlRequest(0x40, 0x9A, 0x1805, sending))
    }
}
