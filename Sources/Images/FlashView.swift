import Digests

/// A flash that is looked at piece by piece: an array, or an emulated chip's memory, without a copy of the whole.
package struct FlashView {
    /// Bytes in all.
    package let byteCount: Int
    private let read: (Range<Int>) -> [UInt8]

    /// - Parameter read: the bytes of a range inside `0..<byteCount`; it is asked for at most 4096 at a time.
    package init(byteCount: Int, read: @escaping (Range<Int>) -> [UInt8]) {
        self.byteCount = byteCount
        self.read = read
    }

    package init(_ bytes: [UInt8]) {
        self.init(byteCount: bytes.count) { Array(bytes[$0]) }
    }

    /// The bytes of a range, as far as they lie inside.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        forEachPiece(of: range) { bytes += $0 }
        return bytes
    }

    /// CRC-32 over a range, as far as it lies inside.
    package func crc32(_ range: Range<Int>) -> UInt32 {
        var sum = CRC32()
        forEachPiece(of: range) { sum.update($0.span) }
        return sum.value
    }

    /// SHA-256 over a range, as far as it lies inside.
    package func sha256(_ range: Range<Int>) -> [UInt8] {
        var sum = SHA256()
        forEachPiece(of: range) { sum.update($0.span) }
        return sum.digest()
    }

    /// Whether a range, as far as it lies inside, is erased: FF throughout.
    package func isErased(_ range: Range<Int>) -> Bool {
        let range = range.clamped(to: 0..<byteCount)
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(position + Self.pieceByteCount, range.upperBound)
            guard read(position..<end).allSatisfy({ $0 == 0xFF }) else { return false }
            position = end
        }
        return true
    }

    private static let pieceByteCount = 4096

    private func forEachPiece(of range: Range<Int>, _ body: ([UInt8]) -> Void) {
        let range = range.clamped(to: 0..<byteCount)
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(position + Self.pieceByteCount, range.upperBound)
            body(read(position..<end))
            position = end
        }
    }
}
