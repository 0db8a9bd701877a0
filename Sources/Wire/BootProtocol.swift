/// The wire protocol of mask ROM and uboot: a sync word, a 12-byte header, the payload, one byte for an answer
/// (ECR6600 facts §1.4, §3).
package enum BootProtocol {
    /// "cnys": 0x73796E63, little-endian. Answered with `Answer.synchronised`.
    package static let syncWord: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    /// "amt_": uboot only; seven more bytes follow, the last an ASCII digit.
    package static let amtWord: [UInt8] = [0x61, 0x6D, 0x74, 0x5F]
    /// Bytes that follow `amtWord`.
    package static let amtTailCount = 7
    /// Answer to `amtWord` when the last byte is a digit: "OK".
    package static let amtAccepted: [UInt8] = [0x4F, 0x4B]
    /// Answer to `amtWord` when it is not: "FAILE", without the D.
    package static let amtRefused: [UInt8] = [0x46, 0x41, 0x49, 0x4C, 0x45]
    /// The chip acknowledges the payload in pieces of this many bytes; the last one may be shorter.
    package static let pieceByteCount = 1024
    /// Where the payload goes and where it is called, whatever address the header names.
    package static let loadAddress: UInt32 = 0x10000
    /// Boot baud rate of every loader.
    package static let baud = 115200

    /// The single bytes that a ROM or uboot answers with.
    package enum Answer: UInt8, Hashable, Sendable {
        /// Header or piece accepted.
        case accepted = 0x00
        /// The sync word was seen.
        case synchronised = 0x01
        /// A header of a type other than 1.
        case refused = 0xFF
    }
}

/// The 12 bytes that announce a RAM image: `u32 type, u32 addr, u32 len` (ECR6600 facts §1.4).
package struct DownloadHeader: Hashable, Sendable {
    /// 1 is the only type that is accepted.
    package var type: UInt32
    /// Ignored by uboot; the payload always goes to `BootProtocol.loadAddress`.
    package var address: UInt32
    /// Bytes of payload that follow.
    package var length: UInt32

    package static let byteCount = 12
    /// The type that asks for a RAM download.
    package static let ramDownload: UInt32 = 1

    package init(type: UInt32 = ramDownload, address: UInt32 = BootProtocol.loadAddress, length: UInt32) {
        self.type = type
        self.address = address
        self.length = length
    }

    /// Reads a header. - Throws: `WireError` when `bytes` is not exactly 12 bytes long.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count == Self.byteCount else {
            throw WireError(
                at: min(bytes.count, Self.byteCount), expected: "a header of 12 bytes", found: "\(bytes.count) bytes")
        }
        self.init(
            type: bytes.littleEndian(at: 0), address: bytes.littleEndian(at: 4), length: bytes.littleEndian(at: 8))
    }

    /// The header as it crosses the wire.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: type)
        bytes.append(littleEndian: address)
        bytes.append(littleEndian: length)
        return bytes
    }
}
