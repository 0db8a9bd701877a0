import Digests

/// Reads the members of a zip file one after the other, in the order in which they lie there, in memory that does not depend
/// on what they say. Members are stored or deflated.
final class ZipReader {
    /// What stands before a member.
    struct Member: Hashable {
        /// At most 65,535 bytes of somebody's text.
        var name: String
        fileprivate var isDeflated: Bool
        /// The bytes follow the contents: length and sum are known behind them only.
        fileprivate var hasDescriptor: Bool
        fileprivate var byteCount: UInt64
        fileprivate var sum: UInt32
        fileprivate var isLarge: Bool
    }

    private let path: String
    private let take: (inout [UInt8]) -> Int
    private var input: [UInt8]
    private var unread = 0..<0
    /// Bytes of the file before `input`.
    private var before: Int64 = 0
    private var member: Member?
    private var inflater = EmbeddedInflater()
    private var left: UInt64 = 0
    private var sum = CRC32()

    /// - Parameters:
    ///   - take: fills a buffer and returns how far; 0 at the end.
    ///   - path: for messages.
    init(_ take: @escaping (inout [UInt8]) -> Int, path: String) {
        self.path = path
        self.take = take
        input = [UInt8](repeating: 0, count: 65_536)
    }

    /// The next member; what is left of the last is passed over. nil behind the last.
    /// - Throws: `CaptureError` `.damaged`, as the rest does: also where the file ends without its directory.
    func next() throws(CaptureError) -> Member? {
        var passedOver: [UInt8] = []
        while member != nil { _ = try read(into: &passedOver) }
        switch try integer(4) {
        case 0x0403_4B50: break
        // The directory, or the end of an empty file.
        case 0x0201_4B50, 0x0605_4B50: return nil
        default: throw damaged("there is no member of a zip file")
        }
        _ = try integer(2)
        let flags = try integer(2)
        let method = try integer(2)
        _ = try integer(4)
        var found = Member(
            name: "", isDeflated: method == 8, hasDescriptor: flags & 8 != 0, byteCount: 0,
            sum: UInt32(try integer(4)), isLarge: false)
        found.byteCount = try integer(4)
        _ = try integer(4)
        let nameCount = Int(try integer(2))
        let extraCount = Int(try integer(2))
        found.name = String(decoding: try bytes(nameCount), as: UTF8.self)
        let extra = try bytes(extraCount)
        if found.byteCount == 0xFFFF_FFFF, let large = Self.largeByteCount(extra) {
            (found.byteCount, found.isLarge) = (large, true)
        }
        guard flags & 1 == 0 else { throw damaged("a member is encrypted") }
        guard method == 0 || method == 8 else { throw damaged("a member is packed by method \(method)") }
        guard found.isDeflated || !found.hasDescriptor else {
            throw damaged("a member does not say where it ends")
        }
        (member, left, sum) = (found, found.byteCount, CRC32())
        inflater = EmbeddedInflater()
        return found
    }

    /// Replaces `contents` by the next piece of the member's, 64 KB at most. - Returns: whether there was one.
    func read(into contents: inout [UInt8]) throws(CaptureError) -> Bool {
        contents.removeAll(keepingCapacity: true)
        guard let member else { return false }
        while contents.isEmpty {
            if member.isDeflated ? inflater.status == .ended : left == 0 {
                try end(member)
                return false
            }
            try fill()
            if member.isDeflated {
                // zlib takes what it is offered from `start` to the buffer's end.
                let taken = inflater.run(input, from: unread.lowerBound, into: &contents)
                unread = (unread.lowerBound + taken)..<unread.upperBound
                if inflater.status == .bad { throw damaged("the deflated data of a member make no sense") }
            } else {
                let count = Int(min(left, UInt64(unread.count)))
                contents.append(contentsOf: input[unread.prefix(count)])
                unread = (unread.lowerBound + count)..<unread.upperBound
                left -= UInt64(count)
            }
        }
        sum.update(contents.span)
        return true
    }

    private func end(_ member: Member) throws(CaptureError) {
        self.member = nil
        var expected = member.sum
        if member.hasDescriptor {
            var first = UInt32(try integer(4))
            if first == 0x0807_4B50 { first = UInt32(try integer(4)) }
            expected = first
            _ = try bytes(member.isLarge ? 16 : 8)
        }
        guard sum.value == expected else { throw damaged("the sum of a member is wrong") }
    }

    /// zip64 keeps lengths beyond 4 GB among the extra fields: the unpacked one, then the packed one.
    private static func largeByteCount(_ extra: [UInt8]) -> UInt64? {
        var index = 0
        func integer(_ offset: Int, _ count: Int) -> UInt64 {
            extra[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        while index + 4 <= extra.count {
            let length = Int(integer(index + 2, 2))
            if integer(index, 2) == 1, length >= 16, index + 20 <= extra.count { return integer(index + 12, 8) }
            index += 4 + length
        }
        return nil
    }

    // MARK: Bytes

    private func fill() throws(CaptureError) {
        guard unread.isEmpty else { return }
        before += Int64(unread.upperBound)
        if input.count < 65_536 { input = [UInt8](repeating: 0, count: 65_536) }
        let count = take(&input)
        guard count > 0 else {
            unread = 0..<0
            throw damaged("the zip file breaks off")
        }
        // A buffer that ends with what was read: the inflater is given all of it.
        input.removeLast(input.count - count)
        unread = 0..<count
    }

    private func byte() throws(CaptureError) -> UInt8 {
        try fill()
        defer { unread = (unread.lowerBound + 1)..<unread.upperBound }
        return input[unread.lowerBound]
    }

    private func integer(_ count: Int) throws(CaptureError) -> UInt64 {
        try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// - Parameter count: up to 65,535.
    private func bytes(_ count: Int) throws(CaptureError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes.append(try byte()) }
        return bytes
    }

    private func damaged(_ message: String) -> CaptureError {
        CaptureError(
            .damaged, path: path, "damaged at byte \(before + Int64(unread.lowerBound)): \(message)",
            advice: "save it again")
    }
}
