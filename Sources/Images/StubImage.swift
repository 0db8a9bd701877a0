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
        /// Community stub 1.0.0 as of 11 July 2026.
        case community = "community"
        /// The first build of it that is known: without the commands 96 to 99.
        case communityOfDecember2025 = "community-2025-12"
    }

    /// How an image was recognised.
    package enum Evidence: Hashable, Sendable {
        case digest(KnownStub)
        case versionString(String)
        case placeholder
    }

    package var version: Version
    package var evidence: Evidence

    /// Tells what `image` is; nil when nothing in it says so. A gzip file is no stub, whatever is in it (§4).
    /// - Parameter known: images that are told by their digest.
    package init?(identifying image: [UInt8], among known: [KnownStub] = KnownStub.all) {
        guard !Gzip.begins(image) else { return nil }
        if let placeholder = Self.placeholderVersion(of: image) {
            self.init(version: placeholder, evidence: .placeholder)
        } else if let found = Self.known(image, among: known) {
            self.init(version: found.version, evidence: .digest(found))
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

    private static func known(_ image: [UInt8], among known: [KnownStub]) -> KnownStub? {
        let candidates = known.filter { $0.byteCount == image.count }
        guard !candidates.isEmpty else { return nil }
        let digest = SHA256.of(image).map { hexBytes([$0]) }.joined().lowercased()
        return candidates.first { $0.digest == digest }
    }

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

    /// Whether it was seen that an image of this kind behaves as `version`. Of the community stub's builds only the digest
    /// tells which one it is, and of those between the first and the last nobody knows what they know.
    package var isExamined: Bool {
        switch evidence {
        case .digest(let known): known.isExamined
        case .versionString: version != .community
        case .placeholder: true
        }
    }
}

extension StubImage: CustomStringConvertible {
    /// What it is and how that was seen.
    package var description: String {
        switch evidence {
        case .digest(let known):
            if let build = known.build {
                "community stub of \(build), known by size and SHA-256"
            } else {
                "stub \(version.rawValue), known by size and SHA-256"
            }
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
