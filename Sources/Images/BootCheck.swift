package import Wire
import Words

/// What stands in the way of a boot, in the order in which a boot meets it (ECR6600 facts §1.2, §2).
package enum BootObstacle: Error, Hashable, Sendable {
    // The mask ROM's: it falls into UART boot.
    case ubootErased
    case ubootMagic(WireError)
    case ubootHeaderCRC(stored: UInt32, computed: UInt32)
    case ubootBodyBeyondFlash(byteCount: Int)
    case ubootBodyCRC(stored: UInt32, computed: UInt32)
    // uboot's: `hcrc err`.
    case partitionTable(WireError)
    case noApplicationPartition
    case applicationBeyondFlash(address: Int)
    case applicationErased(address: Int)
    case applicationMagic(WireError)
    case applicationHeaderCRC(stored: UInt32, computed: UInt32)
    // uboot's: `dcrc err`.
    case applicationBodyBeyondFlash(byteCount: Int)
    case applicationBody(stored: UInt32, computed: UInt32)

    /// Who finds it and what that loader does then (§1.2, §2).
    package enum Consequence: Hashable, Sendable {
        /// The mask ROM waits for an upload.
        case uartBoot
        /// uboot prints `hcrc err` and listens (1.3.x), or falls silent (1.4.0).
        case headerError
        /// The same with `dcrc err`.
        case bodyError
    }

    /// What follows.
    package var consequence: Consequence {
        switch self {
        case .ubootErased, .ubootMagic, .ubootHeaderCRC, .ubootBodyBeyondFlash, .ubootBodyCRC: .uartBoot
        case .partitionTable, .noApplicationPartition, .applicationBeyondFlash, .applicationErased, .applicationMagic,
            .applicationHeaderCRC:
            .headerError
        case .applicationBodyBeyondFlash, .applicationBody: .bodyError
        }
    }
}

extension BootObstacle: CustomStringConvertible {
    /// What is wrong, in a sentence's worth of words.
    package var description: String {
        switch self {
        case .ubootErased: "the flash is erased where uboot should be (0x1000)"
        case .ubootMagic(let error): "uboot's header at 0x1000: \(error)"
        case .ubootHeaderCRC(let stored, let computed):
            "uboot's header has CRC \(hex(computed)), but says \(hex(stored))"
        case .ubootBodyBeyondFlash(let count): "uboot's body of \(count) bytes reaches beyond the flash"
        case .ubootBodyCRC(let stored, let computed):
            "uboot's body has CRC \(hex(computed)), but its header says \(hex(stored))"
        case .partitionTable(let error): "the partition table: \(error)"
        case .noApplicationPartition: "the partition table has no \"\(BootCheck.applicationPartition)\""
        case .applicationBeyondFlash(let address): "the application at \(hex(address)) lies beyond the flash"
        case .applicationErased(let address): "the flash is erased where the application should be (\(hex(address)))"
        case .applicationMagic(let error): "the application's header: \(error)"
        case .applicationHeaderCRC(let stored, let computed):
            "the application's header has CRC \(hex(computed)), but says \(hex(stored))"
        case .applicationBodyBeyondFlash(let count): "the application's body of \(count) bytes reaches beyond the flash"
        case .applicationBody(let stored, let computed):
            "the application's body has the SHA-256 word \(hex(computed)), but its header says \(hex(stored))"
        }
    }
}

/// What a boot finds in a flash, stage by stage. Each stage is asked for by itself: the mask ROM looks at uboot only,
/// and 1.4.0 opens its window before it looks at anything (ECR6600 facts §1.2, §1.3).
///
/// What the facts leave open and this decides: the ROM checks magic and both CRCs of uboot ("empty or invalid"); uboot
/// wants the whole list at 0x400 right; a magic that is neither of an application's is met like a wrong header CRC.
package struct BootCheck {
    /// The partition that uboot boots.
    package static let applicationPartition = "cpu"

    private let flash: FlashView

    package init(_ flash: FlashView) {
        self.flash = flash
    }

    /// The mask ROM's part: magic, header CRC and body CRC of what stands at 0x1000.
    package func uboot() throws(BootObstacle) -> UBootHeader {
        let start = PartitionTable.ubootAddress
        let place = start..<(start + UBootHeader.byteCount)
        guard !flash.isErased(place) else { throw .ubootErased }
        let header: UBootHeader
        do { header = try UBootHeader(parsing: flash.bytes(place).span) } catch { throw .ubootMagic(error) }
        guard header.headerCRC == header.computedHeaderCRC else {
            throw .ubootHeaderCRC(stored: header.headerCRC, computed: header.computedHeaderCRC)
        }
        let body = place.upperBound..<(place.upperBound + Int(header.bodyByteCount))
        guard body.upperBound <= flash.byteCount else { throw .ubootBodyBeyondFlash(byteCount: body.count) }
        let computed = flash.crc32(body)
        guard computed == header.bodyCRC else { throw .ubootBodyCRC(stored: header.bodyCRC, computed: computed) }
        return header
    }

    /// uboot's first part: the list of partitions.
    package func partitionTable() throws(BootObstacle) -> PartitionTable {
        do {
            return try PartitionTable(parsing: flash.bytes(0..<PartitionTable.byteCount).span)
        } catch {
            throw .partitionTable(error)
        }
    }

    /// uboot's second part: the application's header, and its body if the magic asks for that.
    package func application(_ table: PartitionTable) throws(BootObstacle) -> ApplicationHeader {
        guard let partition = table[Self.applicationPartition] else { throw .noApplicationPartition }
        let header = try applicationHeader(at: partition.range.lowerBound)
        guard header.headerCRC == header.computedHeaderCRC else {
            throw .applicationHeaderCRC(stored: header.headerCRC, computed: header.computedHeaderCRC)
        }
        guard header.magic.hasBodyCheck else { return header }
        let start = partition.range.lowerBound + ApplicationHeader.byteCount
        let body = start..<(start + header.bodyByteCount)
        guard body.upperBound <= flash.byteCount else { throw .applicationBodyBeyondFlash(byteCount: body.count) }
        let computed = ApplicationHeader.checkWord(of: flash.sha256(body))
        guard computed == header.bodyCheck else {
            throw .applicationBody(stored: header.bodyCheck, computed: computed)
        }
        return header
    }

    /// The header at an address, whatever its CRC.
    package func applicationHeader(at address: Int) throws(BootObstacle) -> ApplicationHeader {
        let place = address..<(address + ApplicationHeader.byteCount)
        guard place.upperBound <= flash.byteCount else { throw .applicationBeyondFlash(address: address) }
        guard !flash.isErased(place) else { throw .applicationErased(address: address) }
        do {
            return try ApplicationHeader(parsing: flash.bytes(place).span)
        } catch {
            throw .applicationMagic(error)
        }
    }

    /// The first thing in the way; nil when the application starts. A real chip may still want a signature (secure
    /// boot) or a key (flash encryption): those lie in its eFuse and not here.
    package func obstacle() -> BootObstacle? {
        do {
            _ = try uboot()
            _ = try application(partitionTable())
            return nil
        } catch {
            return error
        }
    }
}
