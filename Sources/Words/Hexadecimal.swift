/// The number in hexadecimal with its prefix: `0x1FB000`.
package func hex(_ value: some BinaryInteger) -> String {
    "0x" + String(value, radix: 16, uppercase: true)
}

/// Bytes in hexadecimal, separated by blanks: `5A 00 00`.
package func hexBytes(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}
