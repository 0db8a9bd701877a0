/// Little-endian integers in byte buffers: every integer on the ECR6600's wire and in its images is one.
extension Array<UInt8> {
    /// Appends the integer, lowest byte first.
    package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        var rest = value
        for _ in 0..<(Value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

extension Span<UInt8> {
    /// The integer whose lowest byte stands at `offset`; the caller has checked that it lies inside.
    package func littleEndian<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
        var value: Value = 0
        for index in stride(from: Value.bitWidth / 8 - 1, through: 0, by: -1) {
            value = (value << 8) | Value(truncatingIfNeeded: self[offset + index])
        }
        return value
    }
}

/// The number in hexadecimal with its prefix: `0x1FB000`.
package func hex(_ value: some BinaryInteger) -> String {
    "0x" + String(value, radix: 16, uppercase: true)
}

/// Bytes in hexadecimal, separated by blanks: `5A 00 00`.
package func hexBytes(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}
