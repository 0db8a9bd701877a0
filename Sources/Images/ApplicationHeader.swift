import Digests
package import Wire
import Words

/// The 0x100 bytes before an application (ECR6600 facts §2, "App header", verified). In the flash the header is
/// followed by the part that runs in place (XIP), then text, then data.
package struct ApplicationHeader: Hashable, Sendable {
    /// Which generation wrote it: only the new one has its body checked.
    package enum Magic: UInt32, Hashable, Sendable, CaseIterable {
        case old = 0x0226_2018
        /// "2pxH", as in uboot's header.
        case new = 0x4878_7032

        /// Whether uboot compares the body with the header's word.
        package var hasBodyCheck: Bool { self == .new }
    }

    package static let byteCount = 0x100
    /// Where text goes in RAM.
    package static let usualTextAddress: UInt32 = 0x10000
    /// The entry of a real application (§6, allinone_at.bin).
    package static let usualEntryPoint: UInt32 = 0x10290
    private static let crcOffset = 0xFC

    package var magic: Magic
    /// +4.
    package var headerVersion: UInt32 = 1
    package var entryPoint: UInt32 = Self.usualEntryPoint
    package var textAddress: UInt32 = Self.usualTextAddress
    package var textByteCount: UInt32 = 0
    package var dataAddress: UInt32 = 0
    package var dataByteCount: UInt32 = 0
    /// Bytes that stay in flash and run from there.
    package var xipByteCount: UInt32 = 0
    /// +0x20, 64 bytes.
    package var signature = [UInt8](repeating: 0, count: 64)
    /// +0x60, 12 bytes, text that ends with the first 0.
    package var versionBytes = [UInt8](repeating: 0, count: 12)
    /// +0x6C: the first four bytes of the body's SHA-256 as a big-endian number (new magic).
    package var bodyCheck: UInt32 = 0
    /// +0x70.
    package var updateMethod: UInt32 = 0
    /// +0x74 up to the CRC, 136 bytes: nothing is known of them.
    package var rest = [UInt8](repeating: 0, count: 0xFC - 0x74)
    /// CRC-32 of the bytes before it, as the header has it.
    package var headerCRC: UInt32 = 0

    /// The right header for a body in its three parts.
    /// - Parameter version: at most 12 bytes of it are kept.
    package init(magic: Magic, version: String, xip: [UInt8] = [], text: [UInt8] = [], data: [UInt8] = []) {
        self.magic = magic
        let name = Array(version.utf8.prefix(versionBytes.count))
        versionBytes.replaceSubrange(0..<name.count, with: name)
        (xipByteCount, textByteCount, dataByteCount) = (UInt32(xip.count), UInt32(text.count), UInt32(data.count))
        dataAddress = textAddress &+ textByteCount
        if magic.hasBodyCheck {
            var sum = SHA256()
            for part in [xip, text, data] { sum.update(part.span) }
            bodyCheck = Self.checkWord(of: sum.digest())
        }
        headerCRC = computedHeaderCRC
    }

    /// Reads the bytes before an application. - Throws: `WireError` when they are too few or the magic is neither. The
    /// CRC and the body are asked about afterwards.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.byteCount else {
            throw WireError(at: bytes.count, expected: "\(Self.byteCount) bytes", found: "\(bytes.count)")
        }
        let word: UInt32 = bytes.littleEndian(at: 0)
        guard let magic = Magic(rawValue: word) else {
            throw WireError(
                at: 0, expected: "an application's magic (0x02262018 or 0x48787032)", found: hex(word))
        }
        self.magic = magic
        headerVersion = bytes.littleEndian(at: 4)
        entryPoint = bytes.littleEndian(at: 8)
        textAddress = bytes.littleEndian(at: 0xC)
        textByteCount = bytes.littleEndian(at: 0x10)
        dataAddress = bytes.littleEndian(at: 0x14)
        dataByteCount = bytes.littleEndian(at: 0x18)
        xipByteCount = bytes.littleEndian(at: 0x1C)
        signature = (0x20..<0x60).map { bytes[$0] }
        versionBytes = (0x60..<0x6C).map { bytes[$0] }
        bodyCheck = bytes.littleEndian(at: 0x6C)
        updateMethod = bytes.littleEndian(at: 0x70)
        rest = (0x74..<Self.crcOffset).map { bytes[$0] }
        headerCRC = bytes.littleEndian(at: Self.crcOffset)
    }

    /// Bytes after the header: XIP, text and data; up to 12 GB in a header that lies.
    package var bodyByteCount: Int { Int(xipByteCount) + Int(textByteCount) + Int(dataByteCount) }

    /// For people.
    package var version: String { String(decoding: versionBytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// What `bodyCheck` is for a body with this digest.
    package static func checkWord(of digest: [UInt8]) -> UInt32 {
        digest.prefix(4).reduce(0) { ($0 << 8) | UInt32($1) }
    }

    /// The header as it stands in the flash.
    package var bytes: [UInt8] {
        var bytes = checkedBytes
        bytes.append(littleEndian: headerCRC)
        return bytes
    }

    /// What `headerCRC` should be.
    package var computedHeaderCRC: UInt32 { CRC32.of(checkedBytes) }

    private var checkedBytes: [UInt8] {
        var bytes: [UInt8] = []
        for word in [
            magic.rawValue, headerVersion, entryPoint, textAddress, textByteCount, dataAddress, dataByteCount,
            xipByteCount,
        ] {
            bytes.append(littleEndian: word)
        }
        bytes += signature + versionBytes
        bytes.append(littleEndian: bodyCheck)
        bytes.append(littleEndian: updateMethod)
        return bytes + rest
    }
}
