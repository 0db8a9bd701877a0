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
    /// The integer whose lowest byte is at `offset`; the caller has checked that it lies inside.
    package func littleEndian<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
        var value: Value = 0
        for index in stride(from: Value.bitWidth / 8 - 1, through: 0, by: -1) {
            value = (value << 8) | Value(truncatingIfNeeded: self[offset + index])
        }
        return value
    }
}
