import Digests
import Images
import Testing
import Wire

/// ECR6600 facts §6: "OTA package … head of 112 bytes".
@Suite struct UpdatePackageTests {
    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func text(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: 32 - text.utf8.count)
    }

    /// Field by field: magic and a byte, size, CRC from 16 on, three sizes, two CRCs, 12 reserved, two versions.
    static func package(payload: [UInt8] = [UInt8](repeating: 0x5C, count: 5000)) -> [UInt8] {
        let checked =
            word(0) + word(UInt32(payload.count)) + word(7) + word(0x1122_3344) + word(0x5566_7788)
            + [UInt8](repeating: 0, count: 12) + text("V1.0") + text("V2.0.1") + payload
        return Array("FotaPKG".utf8) + [1] + word(UInt32(16 + checked.count)) + word(CRC32.of(checked)) + checked
    }

    @Test func everyField() throws {
        let file = Self.package()
        #expect(file.count == 112 + 5000)
        let package = try UpdatePackage(parsing: file.span)
        #expect(package.kind == 1 && package.sizes == [0, 5000, 7] && package.crcs == [0x1122_3344, 0x5566_7788])
        #expect(package.versions == ["V1.0", "V2.0.1"])
        #expect(package.byteCount == 5112 && package.isSound)
        guard case .updatePackage(package) = ImageInspection(file) else {
            Issue.record("not recognised")
            return
        }
    }

    @Test func whatIsDamagedIsStillOne() throws {
        var file = Self.package()
        file[4000] ^= 1
        let damaged = try UpdatePackage(parsing: file.span)
        #expect(!damaged.isSound && Int(damaged.byteCount) == damaged.actualByteCount)
        let cut = try UpdatePackage(parsing: Array(file[..<200]).span)
        #expect(!cut.isSound && Int(cut.byteCount) != cut.actualByteCount)
    }

    @Test func whatIsNone() {
        for file in [[], Array(Self.package()[..<111]), [UInt8](repeating: 0, count: 200)] as [[UInt8]] {
            #expect(throws: WireError.self) { try UpdatePackage(parsing: file.span) }
        }
        var other = Self.package()
        other[6] = UInt8(ascii: "H")
        #expect(throws: WireError.self) { try UpdatePackage(parsing: other.span) }
    }
}
