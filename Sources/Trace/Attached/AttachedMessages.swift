import Line
import Words

/// Takes messages out of what a pipe gives, however it is cut.
package struct AttachedMessages: Sendable {
    private var bytes = Queue<UInt8>()

    /// What a change of the messages' meaning counts up (`solderless_messages_version`).
    package static let version: UInt32 = 1
    /// The longest message; at most as many bytes wait here between two calls of `next` that return nil.
    package static let longest = 4096

    package init() {}

    package mutating func append(_ more: ArraySlice<UInt8>) {
        bytes.append(contentsOf: more.span)
    }

    /// The next message; nil until more comes. - Throws: `AttachedDamage`; nothing after that makes sense.
    package mutating func next() throws(AttachedDamage) -> AttachedMessage? {
        guard bytes.count >= AttachedFields.headerByteCount else { return nil }
        var fields = AttachedFields(bytes.waiting)
        let length = Int(fields.next16())
        guard (AttachedFields.headerByteCount...Self.longest).contains(length) else {
            throw AttachedDamage("a message of \(length) bytes")
        }
        guard bytes.count >= length else { return nil }
        let message = try AttachedMessage(parsing: bytes.waiting.prefix(length))
        bytes.drop(length)
        return message
    }
}

extension AttachedMessage {
    /// One whole message. - Throws: `AttachedDamage`.
    package init(parsing bytes: ArraySlice<UInt8>) throws(AttachedDamage) {
        guard bytes.count >= AttachedFields.headerByteCount else {
            throw AttachedDamage("a message of \(bytes.count) bytes")
        }
        var fields = AttachedFields(bytes)
        let length = fields.next16()
        guard Int(length) == bytes.count else { throw AttachedDamage("a message that is cut off") }
        let (kind, detail) = (fields.next8(), fields.next8())
        device = TerminalDevice(rawValue: fields.next32())
        time = Int64(bitPattern: fields.next64())
        began = Int64(bitPattern: fields.next64())
        descriptor = Int32(bitPattern: fields.next32())
        error = Int32(bitPattern: fields.next32())
        let (first, second) = (fields.next32(), fields.next32())
        self.kind = try Kind(kind, detail, first, second, fields.rest)
    }
}

extension AttachedMessage.Kind {
    fileprivate init(
        _ kind: UInt8, _ detail: UInt8, _ first: UInt32, _ second: UInt32, _ data: ArraySlice<UInt8>
    ) throws(AttachedDamage) {
        switch kind {
        case 1:
            guard first == AttachedMessages.version else {
                throw AttachedDamage(
                    "its preload library is of version \(first), this program's is \(AttachedMessages.version)")
            }
            self = .hello(process: second, program: String(keeping: Array(data)))
        case 2: self = .opened(path: String(keeping: Array(data)))
        case 3: self = .closed
        case 4, 5:
            guard !data.isEmpty else { throw AttachedDamage("data without a byte") }
            self = .data(kind == 4 ? .hostToChip : .chipToHost, Array(data))
        case 6:
            guard let call = AttachedMessage.SettingsCall(rawValue: detail) else { throw Self.unknown(kind, detail) }
            self = .settings(call, try PortSettings(baud: first, packed: second))
        case 7:
            guard let queues = Queues(rawValue: detail) else { throw Self.unknown(kind, detail) }
            self = .flushed(queues)
        case 8:
            guard let call = AttachedMessage.LinesCall(rawValue: detail) else { throw Self.unknown(kind, detail) }
            self = .lines(call, TerminalLines(rawValue: first))
        case 9:
            guard detail <= 2 else { throw Self.unknown(kind, detail) }
            self = detail == 2 ? .breakEnded : .breakSent
        case 10:
            guard detail <= 1 else { throw Self.unknown(kind, detail) }
            self = .failed(detail == 1 ? .hostToChip : .chipToHost)
        case 11:
            guard data.count == 24 else { throw AttachedDamage("a loss of \(data.count) bytes") }
            var fields = AttachedFields(data)
            let counts = (fields.next64(), fields.next64(), fields.next64())
            self = .lost(
                sent: Int(clamping: counts.0), received: Int(clamping: counts.1), others: Int(clamping: counts.2))
        case 12: self = .streamed
        default: throw AttachedDamage("a message of kind \(kind)")
        }
    }

    private static func unknown(_ kind: UInt8, _ detail: UInt8) -> AttachedDamage {
        AttachedDamage("a message of kind \(kind) with detail \(detail)")
    }
}

extension PortSettings {
    /// - Parameter packed: as messages.h has it.
    fileprivate init(baud: UInt32, packed: UInt32) throws(AttachedDamage) {
        let dataBits = UInt8(packed & 0xF)
        guard (5...8).contains(dataBits), let parity = FrameFormat.Parity(rawValue: UInt8(packed >> 4 & 0xF)),
            let stopBits = FrameFormat.StopBits(rawValue: UInt8(packed >> 8 & 0xFF))
        else { throw AttachedDamage("settings that no terminal has") }
        self.baud = baud
        format = FrameFormat(dataBits: dataBits, parity: parity, stopBits: stopBits)
        mode = TerminalMode(rawValue: packed >> 16)
    }
}

/// The fields of a message, one after the other: little-endian, as every machine is that Swift runs on.
private struct AttachedFields {
    static let headerByteCount = 40

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Less than there is: the caller has looked.
    private mutating func next(_ byteCount: Int) -> UInt64 {
        var number: UInt64 = 0
        for (place, byte) in rest.prefix(byteCount).enumerated() { number |= UInt64(byte) << (8 * UInt64(place)) }
        rest = rest.dropFirst(byteCount)
        return number
    }

    mutating func next8() -> UInt8 { UInt8(next(1)) }
    mutating func next16() -> UInt16 { UInt16(next(2)) }
    mutating func next32() -> UInt32 { UInt32(next(4)) }
    mutating func next64() -> UInt64 { next(8) }
}
