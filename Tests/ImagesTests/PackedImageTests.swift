import Digests
import Images
import Testing

/// gzip files: what is in them, and that they are no stubs (ECR6600 facts §4).
@Suite struct PackedImageTests {
    @Test func aPackedStubIsToldByWhatIsInIt() {
        let stub = StubImage.placeholder(for: .community)
        let packed = Gzip.pack(stub)
        guard case .gzip(.stub(let found), let count) = ImageInspection(packed) else {
            Issue.record("not recognised")
            return
        }
        #expect(found.version == .community && count == stub.count)
        #expect(StubImage(identifying: packed) == nil)
    }

    /// Stored, so that the version string stands in the file as it is.
    @Test func aGzipFileIsNoStubWhateverIsInIt() {
        let text = Array("ECR6600F_stub_V1.4.0".utf8)
        #expect(StubImage(identifying: text)?.version == .vendor140)
        let stored: [UInt8] =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, UInt8(text.count), 0, ~UInt8(text.count), 0xFF] + text
        #expect(StubImage(identifying: stored) == nil)
    }

    @Test func damagedAndNested() {
        let packed = Gzip.pack([UInt8](repeating: 3, count: 500))
        guard case .damagedGzip(.truncated) = ImageInspection(Array(packed.dropLast(9))) else {
            Issue.record("not damaged")
            return
        }
        guard case .gzip(.raw, _) = ImageInspection(Gzip.pack(packed)) else {
            Issue.record("unpacked twice")
            return
        }
        let bomb = Gzip.pack([UInt8](repeating: 0, count: (17 << 20) + 1), level: 9)
        guard case .damagedGzip(.tooLarge) = ImageInspection(bomb) else {
            Issue.record("unpacked in whole")
            return
        }
    }
}
