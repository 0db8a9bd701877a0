/// eFuse word 0x20: what a boot has to obey (ECR6600 facts §7).
package struct ControlWord: Hashable, Sendable {
    /// As it stands in the eFuse.
    package var value: UInt32

    package init(_ value: UInt32) {
        self.value = value
    }

    /// Bit 2: uboot wants the application signed.
    package var demandsSignature: Bool { has(bit: 2) }
    /// Bits 15…8: an odd number of ones, but not all, means that the flash is encrypted.
    package var isEncryptionCounterActive: Bool {
        let counter = UInt8(truncatingIfNeeded: value >> 8)
        return counter.nonzeroBitCount % 2 == 1 && counter != 0xFF
    }
    /// Bit 3 and the counter together. That it takes both is our reading.
    package var isFlashEncrypted: Bool { has(bit: 3) && isEncryptionCounterActive }
    /// Bit 16: a 40 MHz crystal; 26 MHz without it.
    package var hasCrystalOf40MHz: Bool { has(bit: 16) }
    /// Bit 19: the straps count as the truth table has them; without it "direct start".
    package var usesTruthTable: Bool { has(bit: 19) }

    private func has(bit: UInt32) -> Bool { value >> bit & 1 == 1 }
}

extension EFuse {
    /// Word 0x20.
    package var control: ControlWord {
        ControlWord((0..<4).reduce(0) { $0 | UInt32(bytes[0x20 + $1]) << (8 * UInt32($1)) })
    }

    /// The flash's key, 16 bytes from 0x24 (§7).
    var key: [UInt8] { Array(bytes[0x24..<0x34]) }
}
