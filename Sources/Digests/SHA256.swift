private import CCrypto
private import Synchronization

/// SHA-256, fed in pieces. What a stub answers to command 09 (ECR6600 facts §4.3) and how images are told apart (§4).
/// Copies go their own ways.
package struct SHA256: Sendable {
    private var state = SharedContext()

    /// Bytes in a digest.
    package static let byteCount = 32

    /// The context of digests of whole buffers: making a new one costs more than the digest of a short buffer.
    private static let reused = Mutex(DigestContext())

    package init() {}

    /// Feeds more bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        if !isKnownUniquelyReferenced(&state) { state = SharedContext(state.copy()) }
        state.update(bytes)
    }

    /// The 32 bytes of the digest of everything fed so far.
    package func digest() -> [UInt8] {
        var context = state.copy()
        return context.finish()
    }

    /// The digest of one buffer.
    package static func of(_ bytes: [UInt8]) -> [UInt8] {
        // A thread that finds it in use takes one of its own rather than wait.
        if let digest = reused.withLockIfAvailable({ $0.digest(of: bytes.span) }) { return digest }
        var context = DigestContext()
        return context.digest(of: bytes.span)
    }
}

/// What the copies of a sum share until one of them is fed. Threads may share it as well, hence the lock: a few
/// nanoseconds, and the compiler can check it.
private final class SharedContext: Sendable {
    private let context: Mutex<DigestContext>

    init(_ context: consuming sending DigestContext = DigestContext()) {
        self.context = Mutex(context)
    }

    func update(_ bytes: Span<UInt8>) {
        context.withLock { $0.update(bytes) }
    }

    func copy() -> DigestContext {
        context.withLock { $0.copy() }
    }
}

/// OpenSSL's `EVP_MD_CTX` in the middle of a SHA-256.
private struct DigestContext: ~Copyable {
    private let pointer: OpaquePointer

    init() {
        pointer = EVP_MD_CTX_new()
        let result = EVP_DigestInit_ex(pointer, EVP_sha256(), nil)
        precondition(result == 1, "OpenSSL has no memory, or no SHA-256")
    }

    private init(copying other: OpaquePointer) {
        pointer = EVP_MD_CTX_new()
        let result = EVP_MD_CTX_copy_ex(pointer, other)
        precondition(result == 1, "OpenSSL has no memory for a copy")
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }

    func copy() -> DigestContext { DigestContext(copying: pointer) }

    mutating func update(_ bytes: Span<UInt8>) {
        let result = bytes.withUnsafeBufferPointer { EVP_DigestUpdate(pointer, $0.baseAddress, $0.count) }
        precondition(result == 1, "OpenSSL refuses more bytes of a SHA-256")
    }

    /// The digest of everything fed. Afterwards only `digest(of:)` may be called.
    mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { digest, count in
            let result = EVP_DigestFinal_ex(pointer, digest.baseAddress, nil)
            precondition(result == 1, "OpenSSL refuses to end a SHA-256")
            count = SHA256.byteCount
        }
    }

    /// Forgets what was fed and makes the digest of one buffer.
    mutating func digest(of bytes: Span<UInt8>) -> [UInt8] {
        // Without a type, OpenSSL keeps the one it has and need not look it up again.
        let result = EVP_DigestInit_ex(pointer, nil, nil)
        precondition(result == 1, "OpenSSL refuses to begin a SHA-256")
        update(bytes)
        return finish()
    }
}
