package import Wire
import Words

/// Something in a flash that a person should know before writing it anywhere.
package enum FlashWarning: Hashable, Sendable {
    /// 00:06:06:00:00:00, which erased plugs come up with and then fight over (ECR6600 facts §12).
    case genericMAC
    /// The MAC is one that the chip takes for none (§7): its first byte is odd, or it is no MAC.
    case badMAC(String)
    case noMACPartition
    case macPartitionErased
    case noMAC
    case foreignPartition(String)
    case damagedRecords(partition: String, count: Int, first: WireError)
    case cutPartition(String, end: Int)
    case overlap(String, String)
    case applicationBeyondPartition(byteCount: Int, room: Int)
    case damagedShortList(WireError)
    case oddSize(Int)
    case placeholderUBoot(String)
    case opaqueSectors(Int)
    case tuyaLayout

    /// The MAC of §12.
    package static let genericMACText = "00:06:06:00:00:00"
}

extension FlashWarning: CustomStringConvertible {
    /// What it is and what follows from it.
    package var description: String {
        switch self {
        case .genericMAC:
            "the MAC is the generic \(Self.genericMACText): plugs that share it disturb each other on the network; "
                + "set your own (image nv set --partition nv_amt mac)"
        case .badMAC(let text): "the chip does not accept the MAC \(quoted(text)): its first byte must be even"
        case .noMACPartition: "there is no nv_amt, which holds the MAC"
        case .macPartitionErased:
            "nv_amt is erased, and with it the MAC: such plugs all use \(Self.genericMACText)"
        case .noMAC: "nv_amt has no key \"mac\": plugs without one all use \(Self.genericMACText)"
        case .foreignPartition(let name):
            "\(printable(name)) is not in EasyFlash format, and cannot be read here"
        case .damagedRecords(let name, let count, let first):
            "\(printable(name)) has \(count) damaged \(count == 1 ? "record" : "records"), the first \(first)"
        case .cutPartition(let name, let end): "\(printable(name)) ends at \(hex(end)), beyond the end of the file"
        case .overlap(let first, let second): "\(printable(first)) and \(printable(second)) claim the same bytes"
        case .applicationBeyondPartition(let count, let room):
            "the application has \(count) bytes, but its partition only \(room)"
        case .damagedShortList(let error):
            "the table's short list, thought to be for the mask ROM, is damaged: \(error)"
        case .oddSize(let count):
            "\(count) bytes is not the size of a flash (1, 2, 4, 8, 16 MB): part of a back-up, or something else"
        case .placeholderUBoot(let version):
            "uboot is Solderless's placeholder for \(printable(version)): it runs in the emulator only"
        case .opaqueSectors(let count):
            "\(count) \(count == 1 ? "sector looks" : "sectors look") encrypted or compressed and cannot be read here; "
                + "Tuya's firmware encrypts its own storage, by an unknown method"
        case .tuyaLayout:
            "the table is Tuya's: its firmware keeps Wi-Fi and pairing data in its own storage, encrypted by an "
                + "unknown method; that part is not checked"
        }
    }
}

extension FlashInspection {
    /// What a person should know, the gravest first.
    package var warnings: [FlashWarning] {
        var warnings = macWarnings
        if !isWholeFlash { warnings.append(.oddSize(byteCount)) }
        for partition in partitions where partition.isCut {
            warnings.append(.cutPartition(partition.entry.name, end: partition.entry.range.upperBound))
        }
        let sorted = partitions.filter { !$0.range.isEmpty }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) where earlier.range.overlaps(later.range) {
            warnings.append(.overlap(earlier.entry.name, later.entry.name))
        }
        if let application, let place = self[BootCheck.applicationPartition]?.entry {
            let count = ApplicationHeader.byteCount + application.bodyByteCount
            if count > place.range.count {
                warnings.append(.applicationBeyondPartition(byteCount: count, room: place.range.count))
            }
        }
        for partition in partitions {
            guard let keys = partition.keys else { continue }
            if keys.isForeign { warnings.append(.foreignPartition(partition.entry.name)) }
            if let first = keys.damaged.first?.problem {
                warnings.append(
                    .damagedRecords(partition: partition.entry.name, count: keys.damaged.count, first: first))
            }
        }
        if let problem = tableRecords.short.compactMap(\.problem).first { warnings.append(.damagedShortList(problem)) }
        if let placeholderUBoot { warnings.append(.placeholderUBoot(placeholderUBoot)) }
        if layout == .tuya4MB, placeholderUBoot == nil { warnings.append(.tuyaLayout) }
        if opaqueSectorCount > 0 { warnings.append(.opaqueSectors(opaqueSectorCount)) }
        return warnings
    }

    private var macWarnings: [FlashWarning] {
        FlashMAC.warning(self[Self.macPartition]?.keys).map { [$0] } ?? []
    }
}
