/// What the beginning of a capture file says: which program's records are in it.
struct PcapHead {
    let linkType: Int32

    /// nil for what is neither classic pcap nor pcapng with an interface at its beginning.
    init?(_ head: [UInt8]) {
        guard head.count >= 24 else { return nil }
        let first = Self.integer(head, 0, isBig: false)
        switch first {
        case 0xA1B2_C3D4, 0xA1B2_3C4D: linkType = Self.linkType(head, isBig: false)
        case 0xD4C3_B2A1, 0x4D3C_B2A1: linkType = Self.linkType(head, isBig: true)
        case 0x0A0D_0D0A:
            // The section header, then, as every program writes it, the first interface.
            let isBig = Self.integer(head, 8, isBig: true) == 0x1A2B_3C4D
            let length = Int(Self.integer(head, 4, isBig: isBig))
            guard length >= 28, length <= head.count - 12, Self.integer(head, length, isBig: isBig) == 1 else {
                return nil
            }
            let type = Self.integer(head, length + 8, isBig: isBig)
            linkType = Int32(isBig ? type >> 16 : type & 0xFFFF)
        default: return nil
        }
    }

    /// The field's upper bits say how long a frame's checksum is.
    private static func linkType(_ head: [UInt8], isBig: Bool) -> Int32 {
        Int32(integer(head, 20, isBig: isBig) & 0xFFFF)
    }

    private static func integer(_ bytes: [UInt8], _ offset: Int, isBig: Bool) -> UInt32 {
        let four = bytes[offset..<(offset + 4)]
        return isBig
            ? four.reduce(0) { $0 << 8 | UInt32($1) } : four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
