import Images
import Testing

/// What was uploaded can be told by size and SHA-256 or by a version string: ECR6600 facts §4, "Known images".
@Suite struct StubImageTests {
    @Test(arguments: [
        ("ECR6600F_stub_V1.3.1", StubImage.Version.vendor131), ("ECR6600F_stub_V1.3.4", .vendor134),
        ("ECR6600F_stub_V1.3.11", .vendor1311), ("ECR6600F_stub_V1.4.0", .vendor140),
        ("ECR6600F_customstub_V1.0.0", .community),
    ])
    func versionStringsAreRecognised(text: String, version: StubImage.Version) {
        let image = [UInt8](repeating: 0, count: 999) + Array(text.utf8) + [0, 1, 2]
        #expect(StubImage(identifying: image)?.version == version)
    }

    /// Size and digest, from the facts' table.
    @Test func theFactsImagesAreKnown() {
        let sizes = KnownStub.all.map(\.byteCount)
        #expect(sizes == [10468, 10636, 17308, 6904, 26096, 25912, 25668, 19784, 6860])
        #expect(KnownStub.all.allSatisfy { $0.digest.count == 64 })
    }

    /// The digest is that of "abc" (FIPS 180-4).
    @Test func aDigestTellsTheImage() {
        let known = KnownStub(
            .community, byteCount: 3, digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            build: "today", isExamined: false)
        let found = StubImage(identifying: Array("abc".utf8), among: [known])
        #expect(found?.evidence == .digest(known))
        #expect(found?.isExamined == false)
        #expect(found?.description == "community stub of today, known by size and SHA-256")
        #expect(StubImage(identifying: Array("abd".utf8), among: [known]) == nil)
    }

    @Test(arguments: [0, 1, 6904, 26096])
    func fillerIsNothing(count: Int) {
        #expect(StubImage(identifying: [UInt8](repeating: 0x55, count: count)) == nil)
    }

    @Test(arguments: StubImage.Version.allCases)
    func ourPlaceholderSaysWhatItAsksFor(version: StubImage.Version) {
        let image = StubImage.placeholder(for: version)
        #expect(StubImage(identifying: image)?.version == version)
        #expect(StubImage(identifying: image)?.evidence == .placeholder)
        #expect(StubImage.placeholderVersion(of: Array(image.dropFirst())) == nil)
    }
}
