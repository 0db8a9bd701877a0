/// Walks over the items of a payload, never past its end.
struct ItemReader {
    private var offset: Int
    private let end: Int

    /// - Parameter range: where in a payload the items stand; it lies inside.
    init(in range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next item and where its value stands; nil at the end.
    /// - Throws: `TraceError` `.tooShort` when the item does not fit.
    mutating func next(in payload: Span<UInt8>) throws(TraceError) -> (item: Item, value: ItemValue)? {
        guard offset < end else { return nil }
        guard end - offset >= Item.headByteCount else {
            throw TraceError(
                .tooShort, at: RTACHeader.byteCount + offset,
                "an item's type and length need 6 bytes, \(end - offset) are left: the record is damaged")
        }
        let item = Item(rawValue: payload.bigEndian(at: offset))
        let length = Int(payload.bigEndian(UInt32.self, at: offset + 2))
        let start = offset + Item.headByteCount
        guard length <= end - start else {
            throw TraceError(
                .tooShort, at: RTACHeader.byteCount + offset + 2,
                "item \(item.rawValue) says \(length) bytes, \(end - start) are left: the record is damaged")
        }
        offset = start + length
        return (item, ItemValue(range: start..<offset))
    }
}

/// What is still unread of an item's value. A later minor version may append fields: what is left over is no error.
struct ItemValue {
    /// Where it stands in the payload.
    var range: Range<Int>

    /// Takes an integer. - Throws: `.tooShort`.
    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self, in payload: Span<UInt8>
    ) throws(TraceError) -> Value {
        let byteCount = Value.bitWidth / 8
        try need(byteCount)
        let value = payload.bigEndian(Value.self, at: range.lowerBound)
        range = (range.lowerBound + byteCount)..<range.upperBound
        return value
    }

    /// Takes a byte that stands for one of a few. - Throws: `.tooShort`, `.malformed`.
    mutating func one<Value: RawRepresentable<UInt8>>(
        of type: Value.Type, in payload: Span<UInt8>
    ) throws(TraceError) -> Value {
        let offset = range.lowerBound
        let raw = try integer(UInt8.self, in: payload)
        guard let value = Value(rawValue: raw) else {
            throw TraceError(
                .malformed, at: RTACHeader.byteCount + offset, "\(raw) stands for no \(type): the record is damaged")
        }
        return value
    }

    /// Takes a count of bytes. - Throws: `.tooShort`, `.malformed` when no machine could have counted so far.
    mutating func count(in payload: Span<UInt8>) throws(TraceError) -> Int {
        let offset = range.lowerBound
        let raw = try integer(UInt64.self, in: payload)
        guard let count = Int(exactly: raw) else {
            throw TraceError(
                .malformed, at: RTACHeader.byteCount + offset, "\(raw) bytes cannot be: the record is damaged")
        }
        return count
    }

    /// Takes a text of so many bytes. - Throws: `.tooShort`.
    mutating func text(in payload: Span<UInt8>, byteCount: Int) throws(TraceError) -> String {
        try need(byteCount)
        let text = String(
            decoding: payload.bytes(in: range.lowerBound..<(range.lowerBound + byteCount)), as: UTF8.self)
        range = (range.lowerBound + byteCount)..<range.upperBound
        return text
    }

    /// Everything that is left, as a text; what is no UTF-8 becomes U+FFFD.
    func text(in payload: Span<UInt8>) -> String {
        String(decoding: payload.bytes(in: range), as: UTF8.self)
    }

    private func need(_ byteCount: Int) throws(TraceError) {
        guard range.count >= byteCount else {
            throw TraceError(
                .tooShort, at: RTACHeader.byteCount + range.lowerBound,
                "a value of \(byteCount) bytes has \(range.count): the record is damaged")
        }
    }
}

extension Span<UInt8> {
    /// A copy of some of the bytes.
    func bytes(in range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}
