import CZlib

/// gzip (RFC 1952): what flashers carry the community stub in (ECR6600 facts §4), and what people pack traces with.
package enum Gzip {
    /// How every gzip file begins.
    package static let magic: [UInt8] = [0x1F, 0x8B]
    /// zlib's number for a stream with gzip's head and tail and the largest window.
    fileprivate static let windowBits: Int32 = 15 + 16

    /// Whether a file begins as gzip does.
    package static func begins(_ file: [UInt8]) -> Bool { file.starts(with: magic) }

    /// All of a file's contents. - Parameter limit: bytes of contents to take at most.
    /// - Throws: `GzipProblem`.
    package static func unpack(_ file: [UInt8], limit: Int) throws(GzipProblem) -> [UInt8] {
        var reader = GzipReader()
        var contents: [UInt8] = []
        var isFed = false
        while true {
            let before = contents.count
            // One byte beyond the limit shows that there is more.
            try reader.read(into: &contents, upTo: limit + 1) { input in
                if !isFed { input = file }
                isFed = true
            }
            guard contents.count <= limit else { throw .tooLarge(limit: limit) }
            if contents.count == before { return contents }
        }
    }

    /// A file with one member. - Parameter level: 1…9; other values are clamped.
    package static func pack(_ contents: [UInt8], level: Int = 6) -> [UInt8] {
        let state = ZlibState(.deflate, level: Int32(max(1, min(9, level))), windowBits: windowBits)
        var file: [UInt8] = []
        var consumed = 0
        while true {
            let (taken, result) = state.run(
                contents, from: consumed, upTo: ZlibState.pieceByteCount, flush: Z_FINISH, into: &file)
            consumed += taken
            if result == Z_STREAM_END { return file }
        }
    }
}

/// What is wrong with a gzip file.
package enum GzipProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// A byte of the file that cannot be right, or a sum at the end of a member that is not. Counted in the file.
    case damaged(at: Int64)
    /// The file ends before its contents do. Bytes of the file.
    case truncated(at: Int64)
    /// The contents are longer than was allowed.
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .damaged(let offset): "the gzip data are damaged, at or before byte \(offset) of the file"
        case .truncated(let offset): "the gzip data break off at byte \(offset), the end of the file"
        case .tooLarge(let limit): "the gzip file holds more than the \(limit) bytes allowed here"
        }
    }
}

/// Unpacks a gzip file piece by piece, in memory that does not depend on the file's size: one member after another, as
/// gzip itself does. Zeros behind the last one are padding.
package struct GzipReader: ~Copyable {
    private let state = ZlibState(.inflate, level: 0, windowBits: Gzip.windowBits)
    private var input: [UInt8] = []
    private var consumed = 0
    /// Bytes of the file before `input`.
    private var offset: Int64 = 0
    private var isBetweenMembers = false
    private var isOver = false
    /// What was met behind contents that the caller has still to be given.
    private var problem: GzipProblem?

    package init() {}

    /// Appends contents to `output` until it holds `limit` bytes, or there are no more: then nothing is appended.
    /// - Parameter more: replaces its argument by the file's next bytes; none is its end.
    /// - Throws: `GzipProblem`, once everything before the trouble was handed out.
    package mutating func read(
        into output: inout [UInt8], upTo limit: Int, from more: (inout [UInt8]) -> Void
    ) throws(GzipProblem) {
        let before = output.count
        while output.count < limit, !isOver, problem == nil {
            if consumed == input.count { take(from: more) }
            if input.isEmpty {
                if !isBetweenMembers { problem = .truncated(at: offset) }
                isOver = true
            } else if isBetweenMembers {
                beginMember()
            } else {
                inflate(into: &output, upTo: limit)
            }
        }
        if let problem, output.count == before { throw problem }
    }

    private mutating func take(from more: (inout [UInt8]) -> Void) {
        offset += Int64(input.count)
        input.removeAll(keepingCapacity: true)
        consumed = 0
        more(&input)
    }

    private mutating func beginMember() {
        if input[consumed] == 0 {
            consumed += 1
        } else {
            state.reset()
            isBetweenMembers = false
        }
    }

    private mutating func inflate(into output: inout [UInt8], upTo limit: Int) {
        let room = min(limit - output.count, ZlibState.pieceByteCount)
        let (taken, result) = state.run(input, from: consumed, upTo: room, flush: Z_NO_FLUSH, into: &output)
        consumed += taken
        switch result {
        case Z_STREAM_END: isBetweenMembers = true
        case Z_OK, Z_BUF_ERROR: break
        default: problem = .damaged(at: offset + Int64(consumed))
        }
    }
}
