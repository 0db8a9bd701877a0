/// Bytes as base64 (RFC 4648 §4), padded.
package func base64(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var (group, count): (UInt32, Int) = (0, 0)
    func take(_ digits: Int) {
        for place in 0..<digits { text.append(base64Digits[Int(group >> UInt32(18 - 6 * place) & 63)]) }
    }
    for byte in bytes {
        group |= UInt32(byte) << UInt32(16 - 8 * count)
        count += 1
        guard count == 3 else { continue }
        take(4)
        (group, count) = (0, 0)
    }
    if count > 0 {
        take(count + 1)
        for _ in count..<3 { text.append(UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
