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
    /// A second frame of any length is read: one of the wrong length is answered, not undefined.
    private static let longestBody = 0xFFFF

    private var address = 0
    private var length = 0
    private var reader = DataFrameReader()

    /// Carries out a command. - Returns: whether a frame with data must follow.
    mutating func begin(
        _ body: [UInt8], _ processor: inout Processor, _ record: inout AcknowledgementRecord
    ) -> Bool {
        let operation = body.span.littleEndian(UInt16.self, at: 0)
        address = Int(body.span.littleEndian(UInt16.self, at: 2))
        length = Int(body.span.littleEndian(UInt16.self, at: 4))
        guard address % 4 == 0, address <= EFuse.byteCount else {
            processor.reply(record.answer(.efuse, .address))
            return false
        }
        guard length % 4 == 0 else {
            processor.reply(record.answer(.efuse, .length))
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

    /// Reads the frame with data. - Returns: whether it was there and has been answered.
    mutating func resume(_ processor: inout Processor, _ record: inout AcknowledgementRecord) -> Bool {
        guard reader.read(.efuse, upTo: Self.longestBody, &processor) else { return false }
        let data = Array(reader.frame[reader.body])
        if data.count != length {
            processor.reply(record.answer(.efuse, .length))
        } else if !reader.isSumRight {
            processor.reply(record.answer(.efuse, .checksum))
        } else {
            processor.efuse.program(data, at: address)
            processor.reply(record.answer(.efuse))
        }
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
