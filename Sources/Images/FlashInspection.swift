/// Everything that can be told about a flash from its bytes (ECR6600 facts §2, §6).
package struct FlashInspection: Sendable {
    /// A partition with what is in it.
    package struct Partition: Sendable {
        package var entry: PartitionTable.Entry
        /// Its bytes, as far as they lie in the file.
        package var range: Range<Int>
        package var sectors: SectorCounts
        /// Its keys; nil when it is no partition of keys.
        package var keys: NVPartition?

        /// Whether the table gives it bytes that the file has not.
        package var isCut: Bool { range.count < entry.range.count }
    }

    /// A stretch that no partition claims.
    package struct Unclaimed: Sendable {
        package var range: Range<Int>
        package var sectors: SectorCounts
    }

    /// Bytes of the file.
    package let byteCount: Int
    /// Every record of the table's two lists, sound or not.
    package let tableRecords: (short: [FoundRecord], full: [FoundRecord])
    /// nil when the table cannot be used; `partitions` then has what is sound of it.
    package let table: PartitionTable?
    /// Which known layout the table is.
    package let layout: FlashLayout?
    /// Whatever its sums.
    package let uboot: UBootHeader?
    /// Which version our own placeholder names; nil for every other uboot.
    package let placeholderUBoot: String?
    /// What the mask ROM would find wrong with uboot.
    package let ubootObstacle: BootObstacle?
    /// Whatever its sums.
    package let application: ApplicationHeader?
    /// What uboot would find wrong with table or application.
    package let applicationObstacle: BootObstacle?
    /// In the order of the table.
    package let partitions: [Partition]
    /// By address.
    package let unclaimed: [Unclaimed]
    /// Every 4 KB.
    package let sectors: [SectorUse]

    /// The flashes that loaders know (§5): 1 to 16 MB.
    package static let flashSizes = [1, 2, 4, 8, 16].map { $0 << 20 }
    /// The partition that holds the MAC (§4.2, command 0C).
    package static let macPartition = "nv_amt"

    /// Looks at a whole flash, or what there is of one.
    package init(_ bytes: [UInt8]) {
        byteCount = bytes.count
        let sectors = stride(from: 0, to: bytes.count, by: EasyFlashSector.byteCount).map {
            SectorUse(Array(bytes[$0..<min($0 + EasyFlashSector.byteCount, bytes.count)]))
        }
        self.sectors = sectors
        let flash = FlashView(bytes)
        let check = BootCheck(flash)
        let records = PartitionTable.records(in: bytes.span)
        tableRecords = records
        let table = try? check.partitionTable()
        self.table = table
        layout = table.flatMap { FlashLayout.matching($0) }
        let entries =
            table?.entries
            ?? records.full.compactMap { found in found.sound.flatMap { try? .init($0, at: found.offset) } }

        let ubootStart = PartitionTable.ubootAddress
        let headerEnd = ubootStart + UBootHeader.byteCount
        uboot = try? UBootHeader(parsing: flash.bytes(ubootStart..<headerEnd).span)
        placeholderUBoot = PlaceholderUBoot.version(of: flash.bytes(headerEnd..<(headerEnd + 128)))
        ubootObstacle = Self.obstacle { () throws(BootObstacle) in _ = try check.uboot() }
        applicationObstacle = Self.obstacle { () throws(BootObstacle) in
            _ = try check.application(check.partitionTable())
        }
        application = entries.first { $0.name == BootCheck.applicationPartition }.flatMap {
            try? check.applicationHeader(at: $0.range.lowerBound)
        }

        // Partitions that together claim more than twice what there is lie over each other, and each could hold half a
        // million bad records: those behind are not searched for keys.
        var unsearched = 2 * bytes.count
        partitions = entries.map { entry in
            let range = entry.range.clamped(to: 0..<bytes.count)
            unsearched -= range.count
            let partition = NVPartition(parsing: Array(bytes[unsearched < 0 ? 0..<0 : range]).span)
            let holdsKeys = unsearched >= 0 && (entry.name.hasPrefix("nv_") || !partition.records.isEmpty)
            return Partition(
                entry: entry, range: range, sectors: SectorCounts(Self.sectors(sectors, of: range)),
                keys: holdsKeys && entry.name != "partition" ? partition : nil)
        }
        unclaimed = Self.gaps(between: partitions.map(\.range), in: bytes.count).map {
            Unclaimed(range: $0, sectors: SectorCounts(Self.sectors(sectors, of: $0)))
        }
    }

    /// The first thing in the way of a boot; nil when the application starts.
    package var obstacle: BootObstacle? { ubootObstacle ?? applicationObstacle }

    /// Whether the file is as long as a flash can be.
    package var isWholeFlash: Bool { Self.flashSizes.contains(byteCount) }

    /// Bytes in sectors that are erased.
    package var freeByteCount: Int { SectorCounts(sectors).erased * EasyFlashSector.byteCount }

    /// The partition of that name.
    package subscript(name: String) -> Partition? { partitions.first { $0.entry.name == name } }

    /// The MAC as nv_amt has it.
    package var mac: String? {
        self[Self.macPartition]?.keys.flatMap { FlashMAC.text(in: $0) }
    }

    /// Sectors outside uboot and the application that look encrypted.
    package var opaqueSectorCount: Int {
        partitions.filter { $0.entry.name != "uboot" && $0.entry.name != BootCheck.applicationPartition }
            .reduce(0) { $0 + $1.sectors.opaque } + unclaimed.reduce(0) { $0 + $1.sectors.opaque }
    }

    private static func obstacle(_ body: () throws(BootObstacle) -> Void) -> BootObstacle? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private static func sectors(_ sectors: [SectorUse], of range: Range<Int>) -> ArraySlice<SectorUse> {
        let size = EasyFlashSector.byteCount
        guard !range.isEmpty else { return [] }
        return sectors[(range.lowerBound / size)..<((range.upperBound + size - 1) / size)]
    }

    /// What the ranges leave of the file.
    private static func gaps(between ranges: [Range<Int>], in byteCount: Int) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var end = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if range.lowerBound > end { gaps.append(end..<range.lowerBound) }
            end = max(end, range.upperBound)
        }
        if end < byteCount { gaps.append(end..<byteCount) }
        return gaps
    }
}
