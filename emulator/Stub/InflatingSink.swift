import Digests

/// What 97 does with its blocks: they are one raw deflate stream, and what it says is programmed in multiples of 4 bytes
/// (ECR6600 facts §10).
///
/// The last `len % 4` bytes are never programmed. They stay in a static buffer, where the next compressed write of the
/// session finds them before its own: everything it programs is shifted by them. The facts say that such a write is wrong;
/// how it is wrong is our reading of "the residue stays in a static buffer".
struct InflatingSink {
    private var inflater = Inflater()
    private var position: Int
    /// Bytes that the stream may still say.
    private var allowed: Int
    /// What waits for a multiple of 4.
    private(set) var residue: [UInt8]

    /// - Parameters:
    ///   - byteCount: output past it is as bad as a broken stream.
    ///   - residue: what an earlier write has left, at most 3 bytes.
    init(at address: Int, byteCount: Int, residue: [UInt8]) {
        position = address
        allowed = byteCount
        self.residue = residue
    }

    /// Whether the stream is no stream, or says too much.
    var isBroken: Bool { inflater.status == .bad }

    /// Takes a block's data; what comes after the stream's end is ignored. What a broken stream said before is programmed.
    mutating func take(_ data: [UInt8], _ processor: inout Processor) {
        let before = residue.count
        inflater.feed(data, into: &residue, limit: allowed + before)
        allowed -= residue.count - before
        let whole = residue.count / 4 * 4
        let output = Array(residue[..<whole])
        residue.removeFirst(whole)
        processor.programFromBuffer(output.span, at: position)
        position += whole
    }
}
