/// The 8-bit sum of all bytes: the last byte of every stub frame (ECR6600 facts, head of the document: `sum8`).
package func sum8(_ bytes: Span<UInt8>) -> UInt8 {
    bytes.withUnsafeBufferPointer { $0.reduce(0, &+) }
}

/// CRC-16/XMODEM: poly 0x1021, init 0, not reflected, sent high byte first (ECR6600 facts §10).
package struct CRC16: Hashable, Sendable {
    /// The sum of everything fed so far.
    package private(set) var value: UInt16 = 0

    package init() {}

    /// Feeds more bytes, eight at a time where there are eight.
    package mutating func update(_ bytes: Span<UInt8>) {
        value = bytes.withUnsafeBufferPointer { bytes in
            Self.tables.withUnsafeBufferPointer { tables in
                Self.update(value, bytes, tables)
            }
        }
    }

    /// The CRC of one buffer.
    package static func of(_ bytes: Span<UInt8>) -> UInt16 {
        var sum = CRC16()
        sum.update(bytes)
        return sum.value
    }

    private static func update(
        _ initial: UInt16, _ bytes: UnsafeBufferPointer<UInt8>, _ tables: UnsafeBufferPointer<UInt16>
    ) -> UInt16 {
        var crc = initial
        var index = 0
        // Slicing by eight: table k holds the CRC of a byte followed by k zero bytes.
        while index &+ 8 <= bytes.count {
            let high = UInt8(truncatingIfNeeded: crc >> 8) ^ bytes[index]
            let low = UInt8(truncatingIfNeeded: crc) ^ bytes[index &+ 1]
            let first = tables[7 &* 256 &+ Int(high)] ^ tables[6 &* 256 &+ Int(low)]
            let second = tables[5 &* 256 &+ Int(bytes[index &+ 2])] ^ tables[4 &* 256 &+ Int(bytes[index &+ 3])]
            let third = tables[3 &* 256 &+ Int(bytes[index &+ 4])] ^ tables[2 &* 256 &+ Int(bytes[index &+ 5])]
            let fourth = tables[256 &+ Int(bytes[index &+ 6])] ^ tables[Int(bytes[index &+ 7])]
            crc = first ^ second ^ third ^ fourth
            index &+= 8
        }
        while index < bytes.count {
            crc = (crc << 8) ^ tables[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ bytes[index])]
            index &+= 1
        }
        return crc
    }

    /// Eight tables of 256 entries, one after the other.
    private static let tables: [UInt16] = {
        var tables = [UInt16](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt16(byte) << 8
            for _ in 0..<8 {
                crc = crc & 0x8000 != 0 ? (crc << 1) ^ 0x1021 : crc << 1
            }
            tables[byte] = crc
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = (previous << 8) ^ tables[Int(previous >> 8)]
        }
        return tables
    }()
}
