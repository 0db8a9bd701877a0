import Images
import Testing
import Wire

/// ECR6600 facts §6, "Layouts".
@Suite struct PartitionTableTests {
    /// The three columns of the table, as written there: name, address, size.
    private static let columns: [(FlashLayout, [(String, UInt32, UInt32)])] = [
        (
            .partBin2MB,
            [
                ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0x1B0000),
                ("ota_status", 0x1B7000, 0x2000), ("cfg", 0x1B9000, 0x1C000), ("lfs", 0x1D5000, 0x22000),
                ("nv_customer", 0x1F7000, 0x4000), ("nv_develop", 0x1FB000, 0x3000), ("nv_amt", 0x1FE000, 0x2000),
            ]
        ),
        (
            .allInOneAT2MB,
            [
                ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0x1EA000),
                ("ota_status", 0x1F1000, 0x2000), ("ca_crt", 0x1F4000, 0x1000), ("client_crt", 0x1F5000, 0x1000),
                ("client_key", 0x1F6000, 0x1000), ("nv_customer", 0x1F7000, 0x4000), ("nv_develop", 0x1FB000, 0x3000),
                ("nv_amt", 0x1FE000, 0x2000),
            ]
        ),
        (
            .tuya4MB,
            [
                ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x8000), ("cpu", 0x9000, 0x3C9000),
                ("ota_status", 0x3D2000, 0x2000), ("reserved", 0x3D4000, 0x26000), ("nv_customer", 0x3FA000, 0x2000),
                ("nv_develop", 0x3FC000, 0x2000), ("nv_amt", 0x3FE000, 0x2000),
            ]
        ),
    ]

    @Test func theThreeColumns() throws {
        for (layout, column) in Self.columns {
            let entries = column.map { PartitionTable.Entry($0.0, at: $0.1, byteCount: $0.2) }
            #expect(layout.partitions == entries)
            let sector = try layout.table.bytes()
            #expect(sector.count == 4096)
            #expect(Array(sector[0x18..<0x1C]) == Array("EF40".utf8))
            let parsed = try PartitionTable(parsing: sector.span)
            #expect(parsed.entries == entries)
            #expect(parsed.shortList.map(\.name) == ["partition", "uboot"])
            #expect(parsed == layout.table)
            #expect(FlashLayout.matching(parsed) == layout)
        }
    }

    /// "First list (0x24 …) is short; full list repeats from 0x400."
    @Test func whereTheListsStand() throws {
        let sector = try FlashLayout.partBin2MB.table.bytes()
        let (short, full) = PartitionTable.records(in: sector.span)
        #expect(short.first?.offset == 0x24)
        #expect(short.map(\.sound?.name) == ["partition", "uboot"])
        #expect(full.first?.offset == 0x400)
        #expect(full.count == 9)
        #expect(String(decoding: full[2].sound?.value ?? [], as: UTF8.self) == "0x7000,0x1B0000")
    }

    /// 1 MB is ours: nothing in the facts has it, so it must at least hold together.
    @Test func noLayoutOverlapsItself() {
        for layout in FlashLayout.known {
            for (earlier, later) in zip(layout.partitions, layout.partitions.dropFirst()) {
                #expect(earlier.range.upperBound <= later.range.lowerBound, "\(layout.name): \(later.name)")
            }
            #expect(layout.partitions.allSatisfy { $0.address % 4096 == 0 && $0.byteCount % 4096 == 0 })
        }
        #expect(FlashLayout.small1MB.byteCount == 1 << 20)
    }

    @Test func errorsNameThePlace() throws {
        var sector = try FlashLayout.partBin2MB.table.bytes()
        sector[0x400 + 0x24] ^= 1
        #expect {
            try PartitionTable(parsing: sector.span)
        } throws: {
            ($0 as? WireError)?.offset == 0x400 + 0x18
        }
        // The short list is nobody's business: a wrong record in it is only left out.
        sector = try FlashLayout.partBin2MB.table.bytes()
        sector[0x24 + 0x24] ^= 1
        #expect(try PartitionTable(parsing: sector.span).shortList.map(\.name) == ["uboot"])
        #expect(throws: WireError.self) { try PartitionTable(parsing: [UInt8](repeating: 0xFF, count: 4096).span) }
        #expect(throws: WireError.self) { try PartitionTable(parsing: Array(sector[..<4095]).span) }
    }

    @Test(arguments: ["", "0x1000", "0x1000,", "1000,6000", "0x1000,0x6000,0x1", "0x-1,0x1", "0x100000000,0x1"])
    func valuesThatAreNone(value: String) throws {
        var sector = EasyFlashSector.head(.ef40, isUsed: true)
        sector += [UInt8](repeating: 0xFF, count: 0x400 - sector.count)
        sector += try EasyFlashRecord("cpu", value: Array(value.utf8)).bytes()
        sector += [UInt8](repeating: 0xFF, count: 4096 - sector.count)
        #expect(throws: WireError.self) { try PartitionTable(parsing: sector.span) }
    }

    @Test func listsThatDoNotFitAreRefused() {
        let many = (0..<80).map { PartitionTable.Entry("name\($0)", at: 0, byteCount: 0x1000) }
        #expect(throws: WireError.self) { try PartitionTable(many).bytes() }
    }
}
