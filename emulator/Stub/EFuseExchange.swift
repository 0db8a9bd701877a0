import Line
import Wire

/// 08: `u16 op, u16 addr, u16 len`; 0 reads, 1 writes what a second frame brings, 2 writes a random AES key
/// (ECR6600 facts §4.3, §7).
struct EFuseExchange {
    private enum Operation {
        static let read: UInt16 = 0
        static let write: UInt16 = 1
        static let randomKey: UInt16 = 2
    }

    /// Where the AES key stands (§7).
    private static let key = 0x24..<0x34
    /// The control word's bit 5: the key may not be read (§7).
    private static let keyReadDisabled: (byte: Int, mask: UInt8) = (0x20, 1 << 5)

    /// Bytes that have room for its data frame; nil for any.
    private let frameBufferByteCount: Int?
    private var address = 0
    private var length = 0
    private var reader = DataFrameReader()

    init(_ description: StubDescription) {
        frameBufferByteCount = description.frameBufferByteCount
    }

    /// Carries out a command. It is checked in the order length, address, operation (§4.2).
    /// - Returns: whether a frame with data must follow.
    mutating func begin(
        _ buffer: TransferBuffer, _ processor: inout Processor, _ record: inout AcknowledgementRecord
    ) -> Bool {
        let operation: UInt16 = buffer.integer(at: 0)
        address = Int(buffer.integer(UInt16.self, at: 2))
        length = Int(buffer.integer(UInt16.self, at: 4))
        guard length % 4 == 0 else {
            processor.reply(record.answer(.efuse, .length))
            return false
        }
        guard address % 4 == 0, address <= EFuse.byteCount else {
            processor.reply(record.answer(.efuse, .address))
            return false
        }
        switch operation {
        case Operation.read: processor.reply(record.dataWithoutStatus(.efuse, read(processor.efuse)))
        case Operation.write:
            processor.reply(record.answer(.efuse))
            reader.restart()
            return true
        case Operation.randomKey: writeKey(&processor, &record)
        default: processor.reply(record.answer(.efuse, .type))
        }
        return false
    }

    /// Reads the frame with data. One of another length is refused behind its head; what follows is the parser's, which
    /// looks for A5 in it (§4.3). - Returns: whether it has been answered.
    mutating func resume(
        _ processor: inout Processor, _ record: inout AcknowledgementRecord, _ buffer: inout TransferBuffer
    ) -> Bool {
        guard let count = reader.head(of: .efuse, &processor) else { return false }
        guard count == length else {
            processor.reply(record.answer(.efuse, .length))
            return true
        }
        guard reader.rest(ofBody: count, upTo: frameBufferByteCount, &processor, &buffer) else { return false }
        if reader.isSumRight { processor.efuse.program(Array(reader.frame[reader.body]), at: address) }
        processor.reply(record.answer(.efuse, reader.isSumRight ? .success : .checksum))
        return true
    }

    /// What lies behind the last byte is not known; it reads as 0 here.
    private func read(_ efuse: EFuse) -> [UInt8] {
        let present = efuse.bytes.dropFirst(address).prefix(length)
        return present + [UInt8](repeating: 0, count: length - present.count)
    }

    /// A key that is there already is an error. With the key's reading disabled the stub answers an error and, for want
    /// of a return, goes on.
    private func writeKey(_ processor: inout Processor, _ record: inout AcknowledgementRecord) {
        let efuse = processor.efuse
        if efuse.bytes[Self.keyReadDisabled.byte] & Self.keyReadDisabled.mask != 0 {
            processor.reply(record.answer(.efuse, .error))
        }
        guard efuse.bytes[Self.key].allSatisfy({ $0 == 0 }) else {
            processor.reply(record.answer(.efuse, .error))
            return
        }
        processor.efuse.program(processor.random.bytes(Self.key.count), at: Self.key.lowerBound)
        processor.reply(record.answer(.efuse))
    }
}
