package import Wire

/// Builds whole flashes for tests, demonstrations and the emulator: headers, sums and tables are right, the programs
/// are filling. Nothing of a vendor's is in them, and none of it runs on a chip.
package struct FlashImageBuilder: Sendable {
    /// What is wrong with the image on purpose; each breaks one thing that a boot looks at.
    package struct Damage: OptionSet, Hashable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// A bit in the record of the application's partition.
        package static let partitionTable = Damage(rawValue: 1 << 0)
        /// A bit in uboot's header, under its CRC.
        package static let ubootHeader = Damage(rawValue: 1 << 1)
        /// A bit in uboot's body.
        package static let ubootBody = Damage(rawValue: 1 << 2)
        /// A bit in the application's header, under its CRC.
        package static let applicationHeader = Damage(rawValue: 1 << 3)
        /// A bit in the application's body: only the new magic's is looked at.
        package static let applicationBody = Damage(rawValue: 1 << 4)
    }

    /// An application in its three parts.
    package struct Application: Hashable, Sendable {
        package var magic: ApplicationHeader.Magic
        /// At most 12 bytes of it are kept.
        package var version: String
        package var xip: [UInt8]
        package var text: [UInt8]
        package var data: [UInt8]

        package init(
            magic: ApplicationHeader.Magic, version: String, xip: [UInt8] = [], text: [UInt8] = [], data: [UInt8] = []
        ) {
            self.magic = magic
            self.version = version
            self.xip = xip
            self.text = text
            self.data = data
        }

        /// Header and body as they stand in the flash.
        package var bytes: [UInt8] {
            ApplicationHeader(magic: magic, version: version, xip: xip, text: text, data: data).bytes + xip + text
                + data
        }
    }

    /// Bytes of the flash; at least the layout's.
    package var byteCount: Int
    package var layout: FlashLayout
    /// uboot without its header; nil leaves its place erased. `PlaceholderUBoot` makes one.
    package var ubootBody: [UInt8]?
    /// nil leaves its place erased.
    package var application: Application?
    /// Keys by partition; a partition that is not named stays erased.
    package var nv: [(partition: String, keys: [(key: String, value: [UInt8])])] = []
    /// What the partitions of keys carry.
    package var nvMagic = EasyFlashSector.Magic.ef41
    /// Whether the table is there at all.
    package var hasPartitionTable = true
    package var damage: Damage = []

    package init(byteCount: Int, layout: FlashLayout) {
        self.byteCount = byteCount
        self.layout = layout
    }

    /// The flash; what nobody claims is FF.
    ///
    /// - Throws: `WireError` when something does not fit into its partition, or a partition that is named is not in
    ///   the layout.
    package func image() throws(WireError) -> [UInt8] {
        guard byteCount >= layout.byteCount else {
            throw WireError(
                at: byteCount, expected: "at least \(layout.byteCount) bytes for \(layout.name)", found: "\(byteCount)")
        }
        var image = [UInt8](repeating: 0xFF, count: byteCount)
        let table = layout.table
        if hasPartitionTable { try place(table.bytes(), in: "partition", of: table, &image) }
        if let ubootBody { try place(UBootHeader(body: ubootBody).bytes + ubootBody, in: "uboot", of: table, &image) }
        if let application {
            try place(application.bytes, in: BootCheck.applicationPartition, of: table, &image)
        }
        for (partition, keys) in nv {
            let place = try self.place(partition, of: table)
            do {
                let bytes = try NVPartition.bytes(of: keys, byteCount: place.count, magic: nvMagic)
                image.replaceSubrange(place, with: bytes)
            } catch {
                throw WireError(at: place.lowerBound, expected: "keys that fit into \(partition)", found: "\(error)")
            }
        }
        try spoil(&image, table)
        return image
    }

    private func place(_ name: String, of table: PartitionTable) throws(WireError) -> Range<Int> {
        guard let entry = table[name] else {
            throw WireError(at: 0, expected: "a partition of \(layout.name)", found: "\"\(name)\"")
        }
        return entry.range
    }

    private func place(
        _ bytes: [UInt8], in name: String, of table: PartitionTable, _ image: inout [UInt8]
    ) throws(WireError) {
        let place = try self.place(name, of: table)
        guard bytes.count <= place.count else {
            throw WireError(
                at: place.lowerBound, expected: "at most \(place.count) bytes for \(name)", found: "\(bytes.count)")
        }
        image.replaceSubrange(place.lowerBound..<(place.lowerBound + bytes.count), with: bytes)
    }

    private func spoil(_ image: inout [UInt8], _ table: PartitionTable) throws(WireError) {
        let uboot = try place("uboot", of: table).lowerBound
        let application = try place(BootCheck.applicationPartition, of: table).lowerBound
        // The third record of the full list is the application's; its CRC covers the byte after its head.
        let record = PartitionTable.records(in: image.span).full
            .first { $0.record?.name == BootCheck.applicationPartition }?.offset
        let places: [(Damage, Int?)] = [
            (.partitionTable, record.map { $0 + EasyFlashRecord.headByteCount }),
            (.ubootHeader, uboot + 0x14), (.ubootBody, uboot + UBootHeader.byteCount),
            (.applicationHeader, application + 0x20), (.applicationBody, application + ApplicationHeader.byteCount),
        ]
        for (damage, place) in places where self.damage.contains(damage) {
            if let place { image[place] ^= 1 }
        }
    }
}
