private import Crypto

/// SHA-256, fed in pieces. What a stub answers to command 09 (ECR6600 facts §4.3) and how images are told apart (§4).
package struct SHA256 {
    private var state = Crypto.SHA256()

    /// Bytes in a digest.
    package static let byteCount = 32

    package init() {}

    /// Feeds more bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// The 32 bytes of the digest of everything fed so far.
    package func digest() -> [UInt8] {
        Array(state.finalize())
    }

    /// The digest of one buffer.
    package static func of(_ bytes: [UInt8]) -> [UInt8] {
        var sum = SHA256()
        sum.update(bytes.span)
        return sum.digest()
    }
}
