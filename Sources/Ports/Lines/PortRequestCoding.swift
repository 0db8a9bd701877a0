import CPorts
import Line

/// Requests as tools/preload/lines/requests.h writes them down. Any process of this user can send one: nothing in it is
/// trusted.
extension PortRequest {
    static let version: UInt32 = 1
    /// Bytes of a request.
    static let byteCount = 16

    /// Nil for what is none.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let bytes = Array(bytes)
        func field(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
        }
        guard field(0) == Self.version else { return nil }
        let (first, second) = (field(2), field(3))
        switch field(1) {
        case 1: self = .state
        case 2: self = .opened
        case 3: self = .lines(asserted: ControlLines(modem: first), released: ControlLines(modem: second))
        case 4: self = .settings
        case 5:
            guard let queues = UInt8(exactly: first).flatMap(Queues.init) else { return nil }
            self = .flush(queues)
        case 6:
            guard let part = BreakPart(rawValue: first) else { return nil }
            self = .sendBreak(part)
        case 7: self = .drain
        case 8: self = .serial(SerialSettings(flags: first, divisor: second))
        default: return nil
        }
    }
}

extension PortAnswer {
    /// As requests.h has it.
    var bytes: [UInt8] {
        [
            lines.modem, UInt32(truncatingIfNeeded: received), UInt32(truncatingIfNeeded: sent), serial.flags,
            serial.divisor,
        ].flatMap { field in (0..<4).map { UInt8(truncatingIfNeeded: field >> UInt32(8 * $0)) } }
    }
}

extension ControlLines {
    /// Of the kernel's bits (TIOCM_*).
    fileprivate init(modem: UInt32) {
        self.init(rawValue: UInt8(truncatingIfNeeded: ports_lines_of(Int32(bitPattern: modem))))
    }

    /// As the kernel's bits.
    fileprivate var modem: UInt32 { UInt32(bitPattern: ports_modem_of(UInt32(rawValue))) }
}
