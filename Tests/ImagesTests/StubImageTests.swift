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
