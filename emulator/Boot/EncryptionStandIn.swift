import Images

/// A stand-in for the flash's encryption, which is not known: XOR with the eFuse's key and the address. It protects
/// nothing; it makes what is stored differ from what was written, so that a host which compares finds out.
///
/// Taken from the facts: the flag and the counter in eFuse word 0x20 (ECR6600 facts §7) and that NV stays plain. Assumed:
/// the cipher, that the partition table stays plain too, that hosts read what is stored, and that the mask ROM and uboot
/// read it decrypted. A flash that was filled by other means is plain, and does not boot.
struct EncryptionStandIn {
    private let key: [UInt8]
    /// What is stored as it comes: the table, and the partitions that it calls nv_….
    private let plain: [Range<Int>]

    /// - Parameter flash: its partition table says where NV lies.
    init(key: [UInt8], flash: NORFlash) {
        self.key = key
        let table = try? PartitionTable(parsing: flash.bytes(0..<PartitionTable.byteCount).span)
        let nv = table?.entries.filter { $0.name.hasPrefix("nv_") } ?? []
        plain = [0..<PartitionTable.byteCount] + nv.map(\.range)
    }

    /// Bytes as they are stored at `address`; applied again, as they were.
    func applied(to bytes: Span<UInt8>, at address: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: bytes.count)
        for index in 0..<bytes.count {
            let place = address + index
            let isPlain = plain.contains { $0.contains(place) }
            result[index] = isPlain ? bytes[index] : bytes[index] ^ pad(at: place)
        }
        return result
    }

    private func pad(at address: Int) -> UInt8 {
        key[address % key.count] ^ UInt8(truncatingIfNeeded: address >> 4) ^ 0xA5
    }
}

extension Processor {
    /// The stand-in, if the settings want it and the eFuse asks for encryption.
    var encryptionStandIn: EncryptionStandIn? {
        guard settings.encryption == .standIn, efuse.control.isFlashEncrypted else { return nil }
        return EncryptionStandIn(key: efuse.key, flash: flash)
    }
}
