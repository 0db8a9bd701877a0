import CZlib

/// Inflates a raw deflate stream that stands in something longer, as a member of a zip file does: it says where the stream
/// ends, and makes no more at a time than it is asked for.
package struct EmbeddedInflater: ~Copyable {
    /// Bytes that are made at once at most.
    package static let pieceByteCount = ZlibState.pieceByteCount

    /// How it stands with the stream.
    package private(set) var status = Inflater.State.running
    private let state = ZlibState(.inflate, level: 0)

    package init() {}

    /// Appends at most `pieceByteCount` bytes of what `input` says from `start` on.
    /// - Returns: bytes of input taken; behind the stream's end none is.
    package mutating func run(_ input: [UInt8], from start: Int, into output: inout [UInt8]) -> Int {
        guard status == .running else { return 0 }
        let (taken, result) = state.run(
            input, from: start, upTo: Self.pieceByteCount, flush: Z_NO_FLUSH, into: &output)
        switch result {
        case Z_STREAM_END: status = .ended
        case Z_OK, Z_BUF_ERROR: break
        default: status = .bad
        }
        return taken
    }
}
