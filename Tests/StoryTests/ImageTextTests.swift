import Digests
import Images
import Story
import Testing
import Words

@Suite struct ImageTextTests {
    private static func image(damage: FlashImageBuilder.Damage = []) throws -> [UInt8] {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.ubootBody = PlaceholderUBoot.body(version: "1.3.4")
        builder.application = .init(magic: .new, version: "v1", text: [UInt8](repeating: 7, count: 0x4000 - 0x100))
        builder.nv = [("nv_amt", [("mac", Array("00:06:06:00:00:00".utf8))])]
        builder.damage = damage
        return try builder.image()
    }

    private static func text(_ bytes: [UInt8]) -> String {
        ImageText().text(ImageInspection(bytes), named: "b.bin", byteCount: bytes.count)
    }

    /// All that a person sees of a good back-up.
    @Test func aBackUp() throws {
        let expected = """
            b.bin: a back-up of a whole flash, 1 MB (1048576 bytes)

              boots        yes: uboot, table and application are right
              table        solderless 1 MB, 7 partitions; CRCs: 9 of 9 records right
              uboot        117 bytes at 0x1000, entry 0x800AC; header CRC right, body CRC right
              application  "v1", 16384 bytes at 0x7000; header CRC right, body SHA-256 right
              MAC          00:06:06:00:00:00
              free         992 KB erased of 1 MB

              0x0 [uaa····························································k] 0x100000
            """
        let lines = Self.text(try Self.image()).split(separator: "\n", omittingEmptySubsequences: false)
        let shown = expected.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, wanted) in zip(lines, shown) { #expect(line == wanted) }
        #expect(lines.contains { $0.contains("beware: the MAC is the generic 00:06:06:00:00:00") })
        #expect(lines.contains("  nv_amt  mac  00:06:06:00:00:00"))
    }

    @Test(arguments: [
        (FlashImageBuilder.Damage.ubootBody, "waits for an upload"), (.partitionTable, "hcrc err"),
        (.applicationHeader, "hcrc err"), (.applicationBody, "dcrc err"),
    ])
    func whyItWouldNotBoot(damage: FlashImageBuilder.Damage, consequence: String) throws {
        let text = Self.text(try Self.image(damage: damage))
        #expect(text.contains("boots        no: "))
        #expect(text.contains(consequence), "\(text)")
    }

    /// A file must not be able to write to the terminal what it likes.
    @Test func controlCharactersAreShownAndNotSent() throws {
        var image = try Self.image()
        let escape = "\u{1B}[2J\u{202E}"
        let table = PartitionTable([
            .init(escape, at: 0, byteCount: 0x1000), .init("nv_amt", at: 0xF_E000, byteCount: 0x2000),
        ])
        image.replaceSubrange(0..<0x1000, with: try table.bytes())
        image.replaceSubrange(
            0xF_E000..<0x10_0000,
            with: try NVPartition.bytes(
                of: [(escape, Array(escape.utf8)), ("mac", Array(escape.utf8))], byteCount: 0x2000))
        var spoilt = image
        spoilt[0x400 + 0x24] ^= 1
        for bytes in [image, spoilt] {
            let text = Self.text(bytes)
            #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
            #expect(text.contains("\\u{1B}[2J\\u{202E}"))
        }
    }

    /// ECR6600 facts §6, field by field: the size is right, the CRC is not.
    @Test func anOTAPackage() {
        let text = { (words: String) in Array(words.utf8) + [UInt8](repeating: 0, count: 32 - words.utf8.count) }
        let head = Array("FotaPKG".utf8) + [1, 0x74, 0, 0, 0, 0xDD, 0xCC, 0xBB, 0xAA]
        let sizes: [UInt8] = [0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0]
        let file = head + sizes + [UInt8](repeating: 0, count: 20) + text("V1.0") + text("") + [1, 2, 3, 4]
        let crc = hex(CRC32.of(file[16...]))
        #expect(
            Self.text(file) == """
                b.bin: an OTA package, 116 bytes: an update over the air, which does not boot if it is written to the flash

                  size          right
                  CRC           wrong: \(crc), and the head says 0xAABBCCDD
                  versions      "V1.0", (none)
                  boot          0 bytes
                  firmware      4 bytes
                  new firmware  4 bytes

                """)
    }

    @Test func aGzipFile() {
        let stub = StubImage.placeholder(for: .vendor134)
        let packed = Gzip.pack(stub)
        #expect(
            Self.text(packed) == """
                b.bin: a gzip file, \(packed.count) bytes, and in it a stub for RAM at 0x10000, 2560 bytes

                  Solderless's placeholder for stub vendor-1.3.4

                """)
        let json = ImageInspection(packed).json(named: "b", byteCount: packed.count).description
        #expect(json.hasSuffix(#""kind":"gzip","contents":{"bytes":2560,"kind":"stub","stub":"vendor-1.3.4"}}"#))
        let cut = Self.text(Array(packed.dropLast(9)))
        #expect(cut.hasPrefix("b.bin: a gzip file that cannot be unpacked, "))
        #expect(cut.contains("the gzip data break off at byte \(packed.count - 9)"))
    }

    @Test func coloursOnlyWhereTheyAreAskedFor() throws {
        let bytes = try Self.image()
        let text = ImageText(isColoured: true).text(ImageInspection(bytes), named: "b", byteCount: bytes.count)
        #expect(text.contains("\u{1B}[32myes\u{1B}[0m"))
        #expect(!Self.text(bytes).contains("\u{1B}"))
    }

    @Test func jsonHasASchema() throws {
        let bytes = try Self.image()
        let json = ImageInspection(bytes).json(named: "b", byteCount: bytes.count).description
        #expect(json.hasPrefix(#"{"schema":1,"file":"b","bytes":1048576,"kind":"flash","boots":true"#))
        #expect(json.contains(#""mac":"00:06:06:00:00:00""#))
        #expect(json.contains(#"{"key":"mac","text":"00:06:06:00:00:00","hex":"#))
    }
}
