/// Whole numbers as a stream of bytes that a page's script reads: seven bits a byte, the lowest first, the eighth set
/// where more follow; signed ones as 0, −1, 1, −2, …
struct PageNumbers: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ value: Int) { put(UInt64(max(0, value))) }

    mutating func put(signed value: Int64) { put(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func put(_ raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }
}
