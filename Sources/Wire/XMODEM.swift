import Words

/// XMODEM-1K with CRC-16, as the community stub speaks it (ECR6600 facts §10).
package enum XMODEM {
    /// Start of a 128-byte block.
    package static let soh: UInt8 = 0x01
    /// Start of a 1024-byte block.
    package static let stx: UInt8 = 0x02
    /// End of the transfer.
    package static let eot: UInt8 = 0x04
    package static let ack: UInt8 = 0x06
    package static let nak: UInt8 = 0x15
    package static let cancel: UInt8 = 0x18
    /// "C": the receiver is ready and wants CRCs.
    package static let ready: UInt8 = 0x43
    /// What fills up the last block of a read.
    package static let padding: UInt8 = 0xFF

    /// What the community stub says when a compressed write goes wrong: two CANs and an "N" (§10).
    package static let brokenStream: [UInt8] = [cancel, cancel, 0x4E]

    /// Data bytes of a short block, which begins with SOH.
    package static let shortDataByteCount = 128
    /// Data bytes of a 1K block.
    package static let dataByteCount = 1024
    /// STX, number, its complement, data, CRC.
    package static let blockByteCount = 3 + dataByteCount + 2

    /// Appends a 1K block. - Parameters:
    ///   - number: counts from 1 and wraps at 256.
    ///   - data: 1024 bytes.
    package static func appendBlock(number: UInt8, data: Span<UInt8>, to bytes: inout [UInt8]) {
        precondition(data.count == dataByteCount, "a block carries 1024 bytes")
        bytes.append(stx)
        bytes.append(number)
        bytes.append(~number)
        data.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        let crc = CRC16.of(data)
        bytes.append(UInt8(truncatingIfNeeded: crc >> 8))
        bytes.append(UInt8(truncatingIfNeeded: crc))
    }

    /// Appends a short block with an 8-bit sum, as a receiver wants it that began with NAK. - Parameters:
    ///   - number: counts from 1 and wraps at 256.
    ///   - data: 128 bytes.
    package static func appendShortBlock(number: UInt8, data: Span<UInt8>, to bytes: inout [UInt8]) {
        precondition(data.count == shortDataByteCount, "a short block carries 128 bytes")
        bytes.append(soh)
        bytes.append(number)
        bytes.append(~number)
        data.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        bytes.append(sum8(data))
    }

    /// The number of a whole 1K block whose complement and CRC are right.
    /// - Throws: `WireError` naming the first field that is wrong.
    package static func blockNumber(parsing block: Span<UInt8>) throws(WireError) -> UInt8 {
        guard block.count == blockByteCount else {
            throw WireError(at: block.count, expected: "a block of 1029 bytes", found: "\(block.count) bytes")
        }
        guard block[0] == stx else { throw WireError(at: 0, expected: "STX (02)", found: hexBytes([block[0]])) }
        guard block[1] == ~block[2] else {
            throw WireError(at: 2, expected: "complement \(hexBytes([~block[1]]))", found: hexBytes([block[2]]))
        }
        let crc = CRC16.of(block.extracting(3..<(3 + dataByteCount)))
        let carried = UInt16(block[1027]) << 8 | UInt16(block[1028])
        guard crc == carried else { throw WireError(at: 1027, expected: "CRC \(hex(crc))", found: hex(carried)) }
        return block[1]
    }
}
