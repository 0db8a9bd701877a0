import CZlib

/// Raw deflate streams (RFC 1951, window of 32 KB, no zlib header), as commands 96 and 97 carry them (ECR6600 facts §10).
///
/// zlib's output differs between its builds: compare what a stream inflates to, never its bytes.
package enum RawDeflate {
    /// What zlib calls a raw stream with its largest window.
    static let windowBits: Int32 = -15

    /// All of `bytes` as one stream. - Parameter level: 1…9; other values are clamped.
    package static func compress(_ bytes: [UInt8], level: Int) -> [UInt8] {
        var deflater = Deflater(level: level)
        var stream: [UInt8] = []
        var isFed = false
        while deflater.fill(
            &stream, upTo: .max,
            from: { input in
                if !isFed { input = bytes }
                isFed = true
            })
        {}
        return stream
    }
}

/// Compresses as much as is asked for at a time. Copies go their own ways.
package struct Deflater {
    private var state: ZlibState
    private var input: [UInt8] = []
    private var consumed = 0
    private var isEnded = false

    /// - Parameter level: 1…9; other values are clamped.
    package init(level: Int) {
        state = ZlibState(.deflate, level: Int32(max(1, min(9, level))))
    }

    /// Appends to `output` until it holds `limit` bytes or the stream is over.
    /// - Parameter more: replaces its argument by the next bytes to compress; none ends the stream.
    /// - Returns: whether the stream goes on.
    package mutating func fill(
        _ output: inout [UInt8], upTo limit: Int, from more: (inout [UInt8]) -> Void
    ) -> Bool {
        if !isKnownUniquelyReferenced(&state) { state = state.copy() }
        while !isEnded, output.count < limit {
            if consumed == input.count {
                input.removeAll(keepingCapacity: true)
                consumed = 0
                more(&input)
            }
            let room = min(limit - output.count, ZlibState.pieceByteCount)
            let (taken, result) = state.run(
                input, from: consumed, upTo: room, flush: input.isEmpty ? Z_FINISH : Z_NO_FLUSH, into: &output)
            consumed += taken
            isEnded = result == Z_STREAM_END
        }
        return !isEnded
    }
}

/// Inflates a stream as its pieces come. Copies go their own ways.
package struct Inflater {
    /// How it stands with the stream.
    package enum State: Hashable, Sendable {
        case running
        /// Its end has been seen; what follows it is ignored.
        case ended
        /// It is no deflate stream, or says more than was allowed.
        case bad
    }

    package private(set) var status = State.running
    private var state = ZlibState(.inflate, level: 0)

    package init() {}

    /// Takes the next piece and appends what it says to `output`.
    /// - Parameter limit: bytes that `output` may hold, at least as many as it does; a stream that wants more is bad, whatever it would have said.
    package mutating func feed(_ piece: [UInt8], into output: inout [UInt8], limit: Int) {
        if !isKnownUniquelyReferenced(&state) { state = state.copy() }
        var consumed = 0
        while status == .running {
            // One byte beyond the limit shows that there is more.
            let room = min(limit - output.count, ZlibState.pieceByteCount - 1) + 1
            let before = output.count
            let (taken, result) = state.run(piece, from: consumed, upTo: room, flush: Z_NO_FLUSH, into: &output)
            consumed += taken
            if output.count > limit {
                output.removeLast(output.count - limit)
                status = .bad
            } else if result == Z_STREAM_END {
                status = .ended
            } else if result != Z_OK && result != Z_BUF_ERROR {
                status = .bad
            } else if consumed == piece.count, output.count - before < room {
                return
            }
        }
    }
}

/// A `z_stream` at a place of its own: zlib keeps pointers to it, so it may not move.
final class ZlibState {
    enum Kind {
        case deflate
        case inflate
    }

    /// Output is made in pieces of at most so many bytes.
    static let pieceByteCount = 64 << 10

    private let kind: Kind
    private let stream: UnsafeMutablePointer<z_stream>
    private let produced = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceByteCount)

    /// - Parameter windowBits: zlib's; as RFC 1951 has it unless somebody wants a head and a tail.
    init(_ kind: Kind, level: Int32, windowBits: Int32 = RawDeflate.windowBits) {
        self.kind = kind
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let result =
            switch kind {
            case .deflate:
                deflateInit2_(
                    stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
            case .inflate: inflateInit2_(stream, windowBits, ZLIB_VERSION, size)
            }
        precondition(result == Z_OK, "zlib has no memory, or is another version than its header")
    }

    private init(copying other: ZlibState) {
        kind = other.kind
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = kind == .deflate ? deflateCopy(stream, other.stream) : inflateCopy(stream, other.stream)
        precondition(result == Z_OK, "zlib has no memory for a copy")
    }

    deinit {
        _ = kind == .deflate ? deflateEnd(stream) : inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        produced.deallocate()
    }

    func copy() -> ZlibState { ZlibState(copying: self) }

    /// Begins a stream of the same kind anew.
    func reset() {
        _ = kind == .deflate ? deflateReset(stream) : inflateReset(stream)
    }

    /// Lets zlib work once. - Returns: bytes of input taken, and zlib's result.
    func run(
        _ input: [UInt8], from start: Int, upTo room: Int, flush: Int32, into output: inout [UInt8]
    ) -> (taken: Int, result: Int32) {
        let offered = min(input.count - start, 1 << 30)
        let result = input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + start) }
            stream.pointee.avail_in = UInt32(offered)
            stream.pointee.next_out = produced.baseAddress
            stream.pointee.avail_out = UInt32(min(room, produced.count))
            return kind == .deflate ? deflate(stream, flush) : inflate(stream, flush)
        }
        let count = min(room, produced.count) - Int(stream.pointee.avail_out)
        output.append(contentsOf: UnsafeBufferPointer(rebasing: produced[..<count]))
        return (offered - Int(stream.pointee.avail_in), result)
    }
}
