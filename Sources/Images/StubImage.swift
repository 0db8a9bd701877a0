import Digests
import Words

/// A RAM image for 0x10000 as far as it can be told what it is (ECR6600 facts §4): by size and SHA-256, or by a version
/// string in its data.
package struct StubImage: Hashable, Sendable {
    /// A loader that a stub image can turn out to be.
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case vendor131 = "vendor-1.3.1"
        case vendor134 = "vendor-1.3.4"
        case vendor1311 = "vendor-1.3.11"
        case vendor140 = "vendor-1.4.0"
        case community = "community"
    }

    /// How an image was recognised.
    package enum Evidence: Hashable, Sendable {
        case digest
        case versionString(String)
        case placeholder
    }

    package var version: Version
    package var evidence: Evidence

    /// Tells what `image` is; nil when nothing in it says so. A gzip file is no stub, whatever is in it (§4).
    package init?(identifying image: [UInt8]) {
        guard !Gzip.begins(image) else { return nil }
        if let placeholder = Self.placeholderVersion(of: image) {
            self.init(version: placeholder, evidence: .placeholder)
        } else if let known = Self.known.first(where: { $0.byteCount == image.count }),
            hexBytes(SHA256.of(image)).filter({ $0 != " " }).lowercased() == known.digest
        {
            self.init(version: known.version, evidence: .digest)
        } else if let (version, text) = Self.versionString(in: image) {
            self.init(version: version, evidence: .versionString(text))
        } else {
            return nil
        }
    }

    private init(version: Version, evidence: Evidence) {
        self.version = version
        self.evidence = evidence
    }

    /// §4, "Known images".
    private static let known: [(version: Version, byteCount: Int, digest: String)] = [
        (.vendor131, 10468, "5d64162fe32766cd48a1f3910a1a878326f809acf8cfc9115b5ef0fedd752e3c"),
        (.vendor134, 10636, "f4a9a55de6c5e8baf1ef55aa2bab532164ea42632d93536077723799b2820975"),
        (.vendor1311, 17308, "25b1d1153edab3c0b37cce35d830fffbec56fe865cd8712654bfe8d54185b247"),
        (.vendor140, 6904, "0e4f155a110095baa0447cb512b4b448fc40cc5d6172f04d8c7ff3ff719d6197"),
        (.community, 26096, "d6eb33df007eafc3b5e4ef1d4abf1479cde79444489c6a5194d5e913a2ecf5c8"),
    ]

    /// `ECR6600F_stub_V1.4.0`, `ECR6600F_customstub_V1.0.0`: the longer version first, since 1.3.1 begins 1.3.11.
    private static let versionStrings: [(text: String, version: Version)] = [
        ("ECR6600F_stub_V1.3.11", .vendor1311),
        ("ECR6600F_stub_V1.3.4", .vendor134),
        ("ECR6600F_stub_V1.3.1", .vendor131),
        ("ECR6600F_stub_V1.4.0", .vendor140),
        ("ECR6600F_customstub_V1.0.0", .community),
    ]

    private static func versionString(in image: [UInt8]) -> (Version, String)? {
        // Most images have none: what all of them begin with is looked for once.
        guard image.firstOffset(of: Array("ECR6600F_".utf8)) != nil else { return nil }
        return versionStrings.first { image.firstOffset(of: Array($0.text.utf8)) != nil }.map { ($0.version, $0.text) }
    }
}

extension StubImage: CustomStringConvertible {
    /// What it is and how that was seen.
    package var description: String {
        switch evidence {
        case .digest: "stub \(version.rawValue), known by size and SHA-256"
        case .versionString(let text): "stub \(version.rawValue), by its version string \(text)"
        case .placeholder: "Solderless's placeholder for stub \(version.rawValue)"
        }
    }
}

// MARK: - Our own placeholder

extension StubImage {
    /// What stands at the head of an image that runs nowhere but in the emulator.
    private static let placeholderMarker = Array("SOLDERLESS PLACEHOLDER STUB for ".utf8)

    /// An image of our own that asks the emulator to run `version`'s loader. It holds no code: a real chip would crash
    /// on it, so nobody may send it to one.
    package static func placeholder(for version: Version) -> [UInt8] {
        let text = "\(version.rawValue)\nNot a program. It asks the Solderless emulator for the loader named above; "
        let head = placeholderMarker + Array((text + "a real ECR6600 would crash on it.\n").utf8)
        return head + [UInt8](repeating: 0, count: 2560 - head.count)
    }

    /// Whether `image` is one of ours, and for which loader.
    package static func placeholderVersion(of image: [UInt8]) -> Version? {
        guard image.starts(with: placeholderMarker) else { return nil }
        let name = image.dropFirst(placeholderMarker.count).prefix(24).prefix { $0 != UInt8(ascii: "\n") }
        return Version(rawValue: String(decoding: name, as: UTF8.self))
    }
}

extension Array<UInt8> {
    /// Offset of the first occurrence of `pattern`; nil when there is none.
    package func firstOffset(of pattern: [UInt8]) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        return withUnsafeBufferPointer { bytes in
            var offset = 0
            while offset <= bytes.count - pattern.count {
                if bytes[offset] == first, bytes[offset..<(offset + pattern.count)].elementsEqual(pattern) {
                    return offset
                }
                offset += 1
            }
            return nil
        }
    }
}
