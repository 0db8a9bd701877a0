/// A partition table that is known by a name (ECR6600 facts §6, "Layouts").
package struct FlashLayout: Hashable, Sendable {
    package var name: String
    /// By address.
    package var partitions: [PartitionTable.Entry]

    private init(_ name: String, _ partitions: [(String, UInt32, UInt32)]) {
        self.name = name
        self.partitions = partitions.map { PartitionTable.Entry($0.0, at: $0.1, byteCount: $0.2) }
    }

    /// The table that belongs to it.
    package var table: PartitionTable { PartitionTable(partitions) }
    /// The least flash that holds it.
    package var byteCount: Int { partitions.map(\.range.upperBound).max() ?? 0 }

    /// The SDK's own `part.bin`, 2 MB.
    package static let partBin2MB = FlashLayout(
        "part.bin 2 MB",
        [
            ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0x1B_0000),
            ("ota_status", 0x1B_7000, 0x2000), ("cfg", 0x1B_9000, 0x1_C000), ("lfs", 0x1D_5000, 0x2_2000),
            ("nv_customer", 0x1F_7000, 0x4000), ("nv_develop", 0x1F_B000, 0x3000), ("nv_amt", 0x1F_E000, 0x2000),
        ])

    /// The table in `allinone_at.bin`, 2 MB.
    package static let allInOneAT2MB = FlashLayout(
        "allinone_at 2 MB",
        [
            ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0x1E_A000),
            ("ota_status", 0x1F_1000, 0x2000), ("ca_crt", 0x1F_4000, 0x1000), ("client_crt", 0x1F_5000, 0x1000),
            ("client_key", 0x1F_6000, 0x1000), ("nv_customer", 0x1F_7000, 0x4000), ("nv_develop", 0x1F_B000, 0x3000),
            ("nv_amt", 0x1F_E000, 0x2000),
        ])

    /// `part_tuya.bin`, 4 MB.
    package static let tuya4MB = FlashLayout(
        "part_tuya 4 MB",
        [
            ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x8000), ("cpu", 0x9000, 0x3C_9000),
            ("ota_status", 0x3D_2000, 0x2000), ("reserved", 0x3D_4000, 0x2_6000), ("nv_customer", 0x3F_A000, 0x2000),
            ("nv_develop", 0x3F_C000, 0x2000), ("nv_amt", 0x3F_E000, 0x2000),
        ])

    /// Our own, for a flash of 1 MB: the tail of the 2 MB tables, 1 MB lower.
    package static let small1MB = FlashLayout(
        "solderless 1 MB",
        [
            ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0xE_A000),
            ("ota_status", 0xF_1000, 0x2000), ("nv_customer", 0xF_7000, 0x4000), ("nv_develop", 0xF_B000, 0x3000),
            ("nv_amt", 0xF_E000, 0x2000),
        ])

    /// All of them.
    package static let known: [FlashLayout] = [.partBin2MB, .allInOneAT2MB, .tuya4MB, .small1MB]

    /// The layout of a table, if it is one of these.
    package static func matching(_ table: PartitionTable) -> FlashLayout? {
        known.first { layout in
            layout.partitions.count == table.entries.count
                && layout.partitions.allSatisfy { table[$0.name] == $0 }
        }
    }
}
