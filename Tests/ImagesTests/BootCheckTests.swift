import Images
import Line
import Testing
import Wire

/// What a boot finds in flashes of our own builder (ECR6600 facts §1.2, §2).
@Suite struct BootCheckTests {
    private static func builder(_ magic: ApplicationHeader.Magic) -> FlashImageBuilder {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.ubootBody = PlaceholderUBoot.body(version: "1.3.4")
        builder.application = .init(
            magic: magic, version: "t", xip: [1, 2, 3], text: [4, 5], data: [6, 7, 8, 9])
        return builder
    }

    private static func obstacle(in image: [UInt8]) -> BootObstacle? { BootCheck(FlashView(image)).obstacle() }

    @Test func aRightFlashBoots() throws {
        for magic in ApplicationHeader.Magic.allCases {
            #expect(try Self.obstacle(in: Self.builder(magic).image()) == nil)
        }
    }

    /// §2: the new magic's body is checked, the old one's is not.
    @Test func eachDamageIsFound() throws {
        let rows: [(FlashImageBuilder.Damage, ApplicationHeader.Magic, BootObstacle.Consequence?)] = [
            (.ubootHeader, .old, .uartBoot), (.ubootBody, .old, .uartBoot), (.partitionTable, .old, .headerError),
            (.applicationHeader, .old, .headerError), (.applicationHeader, .new, .headerError),
            (.applicationBody, .old, nil), (.applicationBody, .new, .bodyError),
            // The first on the way wins.
            ([.applicationBody, .ubootBody], .new, .uartBoot),
            ([.applicationBody, .partitionTable], .new, .headerError),
        ]
        for (damage, magic, expected) in rows {
            var builder = Self.builder(magic)
            builder.damage = damage
            #expect(try Self.obstacle(in: builder.image())?.consequence == expected, "\(damage), \(magic)")
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(Self.obstacle(in: []) == .ubootErased)
        #expect(Self.obstacle(in: [UInt8](repeating: 0xFF, count: 1 << 20)) == .ubootErased)
        var builder = Self.builder(.old)
        builder.application = nil
        #expect(try Self.obstacle(in: builder.image()) == .applicationErased(address: 0x7000))
        builder = Self.builder(.old)
        builder.hasPartitionTable = false
        guard case .partitionTable = try Self.obstacle(in: builder.image()) else {
            Issue.record("no table, and nobody said so")
            return
        }
        var image = try Self.builder(.old).image()
        let table = PartitionTable([.init("uboot", at: 0x1000, byteCount: 0x6000)])
        image.replaceSubrange(0..<0x1000, with: try table.bytes())
        #expect(Self.obstacle(in: image) == .noApplicationPartition)
        let far = PartitionTable([.init("cpu", at: 0xFFFF_FFFF, byteCount: 0xFFFF_FFFF)])
        image.replaceSubrange(0..<0x1000, with: try far.bytes())
        #expect(Self.obstacle(in: image) == .applicationBeyondFlash(address: 0xFFFF_FFFF))
    }

    /// Sizes up to 2³² are compared with the flash, not added up in 32 bits.
    @Test func sizesThatLie() throws {
        var header = UBootHeader(body: [])
        header.bodyByteCount = .max
        header.headerCRC = header.computedHeaderCRC
        var image = try Self.builder(.new).image()
        image.replaceSubrange(0x1000..<0x1058, with: header.bytes)
        #expect(Self.obstacle(in: image) == .ubootBodyBeyondFlash(byteCount: 0xFFFF_FFFF))

        var application = ApplicationHeader(magic: .new, version: "")
        (application.xipByteCount, application.textByteCount, application.dataByteCount) = (.max, .max, .max)
        application.headerCRC = application.computedHeaderCRC
        image = try Self.builder(.new).image()
        image.replaceSubrange(0x7000..<0x7100, with: application.bytes)
        #expect(Self.obstacle(in: image) == .applicationBodyBeyondFlash(byteCount: 3 * 0xFFFF_FFFF))
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func hostileFlashes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        #expect(Self.obstacle(in: random.bytes(Int(random.next(below: 70_000)))) != nil, "seed \(seed)")
        var image = try Self.builder(.new).image()
        for _ in 0..<50 {
            let offset = Int(random.next(below: 0x7200))
            image.replaceSubrange(offset..<(offset + 4), with: random.bytes(4))
            _ = Self.obstacle(in: image)
        }
        let whole = try Self.builder(.new).image()
        for count in [0x1000, 0x1001, 0x1057, 0x1058, 0x1080, 0x7000, 0x7010, 0x7100, 0x7101] {
            #expect(Self.obstacle(in: Array(whole[..<count])) != nil, "\(count) bytes")
        }
    }

    @Test func theBuilderRefusesWhatDoesNotFit() {
        var builder = Self.builder(.old)
        builder.byteCount = 0x1000
        #expect(throws: WireError.self) { try builder.image() }
        builder = Self.builder(.old)
        builder.ubootBody = [UInt8](repeating: 0, count: 0x6000)
        #expect(throws: WireError.self) { try builder.image() }
        builder = Self.builder(.old)
        builder.nv = [("nowhere", [])]
        #expect(throws: WireError.self) { try builder.image() }
    }
}
