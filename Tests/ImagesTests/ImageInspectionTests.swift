import Images
import Line
import Testing
import Wire

@Suite struct ImageInspectionTests {
    private static let mac = "02:00:00:01:02:03"

    /// 2 MB by `part.bin`, with everything in it.
    private static func builder(mac: String? = mac) -> FlashImageBuilder {
        var builder = FlashImageBuilder(byteCount: 2 << 20, layout: .partBin2MB)
        builder.ubootBody = PlaceholderUBoot.body(version: "1.3.11")
        builder.application = .init(magic: .new, version: "v1", text: [1, 2, 3])
        builder.nv = [("nv_develop", [("ModelSms", Array("ECR6600".utf8))])]
        if let mac { builder.nv.append(("nv_amt", [("mac", Array(mac.utf8))])) }
        return builder
    }

    private static func flash(_ bytes: [UInt8]) throws -> FlashInspection {
        guard case .flash(let flash) = ImageInspection(bytes) else {
            throw WireError(at: 0, expected: "a flash", found: "something else")
        }
        return flash
    }

    @Test func aBackUpIsToldApart() throws {
        let flash = try Self.flash(Self.builder().image())
        #expect(flash.obstacle == nil)
        #expect(flash.layout == .partBin2MB)
        #expect(flash.mac == Self.mac)
        #expect(flash.placeholderUBoot == "1.3.11")
        #expect(flash.warnings == [.placeholderUBoot("1.3.11")])
        #expect(flash.unclaimed.isEmpty)
        // Table, uboot, application: a sector each; three of nv_develop, two of nv_amt.
        #expect(flash.freeByteCount == (2 << 20) - 8 * 4096)
    }

    /// Every partition of a hostile table can be the whole file: what is kept of it stays bounded.
    @Test func partitionsOverEachOtherAreNotAllSearched() throws {
        let places = (0..<20).map { PartitionTable.Entry("nv_\($0)", at: 0x1000, byteCount: 0xF_F000) }
        var image = try PartitionTable(places).bytes()
        image += try NVPartition.bytes(of: [("mac", Array(Self.mac.utf8))], byteCount: 0xF_F000)
        let flash = try Self.flash(image)
        #expect(flash.partitions.map { $0.keys != nil } == [true, true] + [Bool](repeating: false, count: 18))
        #expect(flash.warnings.contains(.overlap("nv_0", "nv_1")))
    }

    /// ECR6600 facts §12: the generic MAC; §7: an odd first byte is no MAC.
    @Test func whatToBewareOfWithTheMAC() throws {
        let rows: [(String?, FlashWarning)] = [
            ("00:06:06:00:00:00", .genericMAC), (nil, .macPartitionErased),
            ("01:00:00:00:00:01", .badMAC("01:00:00:00:00:01")),
            ("02-00", .badMAC("02-00")),
        ]
        for (mac, warning) in rows {
            #expect(try Self.flash(Self.builder(mac: mac).image()).warnings.contains(warning), "\(mac ?? "none")")
        }
        var builder = Self.builder(mac: nil)
        builder.nv.append(("nv_amt", [("other", [1])]))
        #expect(try Self.flash(builder.image()).warnings.contains(.noMAC))
    }

    @Test func damageAndEncryptionAreNamed() throws {
        var random = SplitMix64(seed: 12)
        var image = try Self.builder().image()
        image.replaceSubrange(0x1B_9000..<0x1B_B000, with: random.bytes(0x2000))
        image[0x1F_B000 + 0x24 + 0x28] ^= 1
        let flash = try Self.flash(image)
        #expect(flash.warnings.contains(.opaqueSectors(2)))
        #expect(
            flash.warnings.contains {
                if case .damagedRecords("nv_develop", 1, _) = $0 { true } else { false }
            })
        image = Array(try Self.builder().image()[..<0x10_0000]) + [1, 2, 3]
        let cut = try Self.flash(image)
        #expect(cut.warnings.contains(.oddSize(0x10_0003)))
        #expect(cut.warnings.contains(.cutPartition("nv_amt", end: 0x20_0000)))
    }

    @Test func otherFiles() throws {
        let image = try Self.builder().image()
        let pieces = try ImagePart.parts(of: image)
        #expect(
            pieces.map(\.name) == [
                "00-partition@0x0.bin", "01-uboot@0x1000.bin", "02-cpu@0x7000.bin", "03-ota_status@0x1B7000.bin",
                "04-cfg@0x1B9000.bin", "05-lfs@0x1D5000.bin", "06-nv_customer@0x1F7000.bin",
                "07-nv_develop@0x1FB000.bin", "08-nv_amt@0x1FE000.bin",
            ])
        #expect(pieces.flatMap(\.bytes) == image)
        let kinds = [0, 1, 2, 8].map { ImageInspection(pieces[$0].bytes) }
        guard case .partitionTable = kinds[0], case .uboot(let uboot, let crc) = kinds[1],
            case .application(let application, let check) = kinds[2], case .keys(let keys) = kinds[3],
            case .stub(let stub) = ImageInspection(StubImage.placeholder(for: .community)),
            case .raw = ImageInspection([1, 2, 3]), case .raw = ImageInspection([]),
            case .damagedAllInOne = ImageInspection(Array("oneb".utf8))
        else {
            Issue.record("a piece is not what it is")
            return
        }
        #expect(uboot.bodyCRC == crc)
        var spoilt = pieces[1].bytes
        spoilt[0x14] ^= 1
        guard case .uboot = ImageInspection(spoilt) else {
            Issue.record("uboot with a wrong header CRC is taken for an application")
            return
        }
        #expect(application.bodyCheck == check)
        #expect(keys.entries.map(\.key) == ["mac"])
        #expect(stub.version == .community)
    }

    /// What an image says of itself never becomes part of a path.
    @Test func namesOfPiecesAreSafe() throws {
        var image = try Self.builder().image()
        let table = PartitionTable([
            .init("partition", at: 0, byteCount: 0x1000), .init("../../etc/x y\u{1B}", at: 0x1000, byteCount: 0x1000),
        ])
        image.replaceSubrange(0..<0x1000, with: try table.bytes())
        #expect(try ImagePart.parts(of: image)[1].name == "01-______etc_x_y_@0x1000.bin")
        let twice = PartitionTable([.init("a", at: 0, byteCount: .max), .init("b", at: 0, byteCount: .max)])
        image.replaceSubrange(0..<0x1000, with: try twice.bytes())
        #expect(throws: ImagePartsError.overlap("a", "b")) { try ImagePart.parts(of: image) }
    }

    @Test func comparing() throws {
        let first = try Self.builder().image()
        #expect(ImageComparison(first, first).agrees)
        var second = first
        for offset in [0x6FFF, 0x7000, 0x7001, 0x7010, 0x8000] { second[offset] ^= 1 }
        let comparison = ImageComparison(first, second)
        #expect(
            comparison.differences == [
                .init(range: 0x6FFF..<0x7000, byteCount: 1, partition: "uboot"),
                .init(range: 0x7000..<0x7011, byteCount: 3, partition: "cpu"),
                .init(range: 0x8000..<0x8001, byteCount: 1, partition: "cpu"),
            ])
        #expect(!comparison.agrees)
        let shorter = ImageComparison(first, Array(first.dropLast()))
        #expect(shorter.differences.isEmpty && !shorter.agrees)
        #expect(ImageComparison([], [1]).differences.isEmpty)
    }

    @Test func keysAreFoundAndReplaced() throws {
        let image = try Self.builder().image()
        let location = try NVLocation.find("nv_amt", in: image)
        #expect(location.range == 0x1F_E000..<0x20_0000)
        let copy = location.replacing(with: try location.partition.setting("mac", to: [0x41]), in: image)
        #expect(copy.count == image.count)
        #expect(Array(copy[..<0x1F_E000]) == Array(image[..<0x1F_E000]))
        #expect(try NVLocation.find("nv_amt", in: copy).partition["mac"] == [0x41])
        #expect(try NVLocation.find(nil, in: Array(image[location.range])).name == nil)
        #expect(throws: NVLocationError.ambiguous(["nv_customer", "nv_develop", "nv_amt"])) {
            try NVLocation.find(nil, in: image)
        }
        #expect(throws: NVLocationError.noKeys) { try NVLocation.find(nil, in: [1, 2, 3]) }
    }

    @Test func whatMakesNoGoodImage() throws {
        let table = [UInt8](repeating: 0, count: 4096)
        let good = try AllInOneImage(entries: [.init(.flash, at: 0, data: table), .init(.flash, at: 0x1000, data: [1])])
        #expect(good.faults.isEmpty && good.remarks.isEmpty)
        let bad = try AllInOneImage(entries: [
            .init(.stub, at: 0x10000, data: [1]), .init(.flash, at: 0, data: table + [0]),
            .init(.flash, at: 0x1000, data: [1]), .init(.flash, at: 0xFFFF_FFFF, data: [1]),
        ])
        #expect(bad.faults.count == 2)
        // An unknown stub, more than 4 KB at 0 (§10), a begin within a sector (§4.4).
        #expect(bad.remarks.count == 3)
    }

    /// Anything is told, nothing traps.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func hostileFiles(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let image = try Self.builder().image()
        var beginnings: [[UInt8]] = [[], Array("oneb".utf8), UBootHeader.magic, [0x18, 0x20, 0x26, 0x02]]
        beginnings.append(Array(image[..<0x1200]))
        for beginning in beginnings {
            let bytes = beginning + random.bytes(Int(random.next(below: 0x3000)))
            _ = ImageInspection(bytes)
            _ = try? ImagePart.parts(of: bytes)
            _ = try? NVLocation.all(in: bytes)
        }
        var small = Array(image[..<0x9000])
        for _ in 0..<6 {
            let offset = Int(random.next(below: 0x1060))
            small.replaceSubrange(offset..<(offset + 4), with: random.bytes(4))
            guard case .flash(let flash) = ImageInspection(small) else { continue }
            #expect(flash.warnings.allSatisfy { !"\($0)".isEmpty }, "seed \(seed)")
        }
    }
}
