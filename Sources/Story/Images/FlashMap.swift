import Images
import Words

/// A flash as one line of characters: whose each stretch is, and whether anything is in it. With colours, blocks;
/// without, letters.
struct FlashMap {
    /// Whose a stretch is.
    private enum Owner: Int, CaseIterable {
        case boot, application, keys, other

        var name: String {
            switch self {
            case .boot: "table and uboot"
            case .application: "application"
            case .keys: "keys"
            case .other: "other"
            }
        }

        var letter: String {
            switch self {
            case .boot: "u"
            case .application: "a"
            case .keys: "k"
            case .other: "o"
            }
        }

        var colour: Ink.Colour {
            switch self {
            case .boot: .yellow
            case .application: .blue
            case .keys: .green
            case .other: .cyan
            }
        }
    }

    private struct Cell {
        var character: String
        var colour: Ink.Colour
    }

    private static let width = 64
    private let flash: FlashInspection
    private let ink: Ink
    private let sectorsPerCell: Int

    init(_ flash: FlashInspection, _ ink: Ink) {
        self.flash = flash
        self.ink = ink
        sectorsPerCell = max(1, (flash.sectors.count + Self.width - 1) / Self.width)
    }

    /// The line, and one that says what its characters mean.
    var lines: [String] {
        guard !flash.sectors.isEmpty else { return [] }
        let owners = ownerOfSectors()
        let cells = stride(from: 0, to: owners.count, by: sectorsPerCell).map { start in
            cell(start..<min(start + sectorsPerCell, owners.count), owners)
        }
        let size = Format.bytes(Int64(sectorsPerCell * 4096))
        let legend = Owner.allCases.map { "\(ink.isColoured ? ink("█", $0.colour) : $0.letter) \($0.name)" }
        return [
            "  0x0 [" + inked(cells) + "] " + hex(flash.byteCount),
            "  " + (legend + ["· erased"]).joined(separator: "  ") + ink("  (each \(size))", .faint),
        ]
    }

    private func ownerOfSectors() -> [Owner] {
        var owners = [Owner](repeating: .other, count: flash.sectors.count)
        for partition in flash.partitions where !partition.range.isEmpty {
            let owner: Owner =
                switch partition.entry.name {
                case "partition", "uboot": .boot
                case BootCheck.applicationPartition: .application
                default: partition.keys != nil ? .keys : .other
                }
            for sector in (partition.range.lowerBound / 4096)...((partition.range.upperBound - 1) / 4096) {
                owners[sector] = owner
            }
        }
        return owners
    }

    /// The owner who has most filled sectors in it; of equals the first.
    private func cell(_ sectors: Range<Int>, _ owners: [Owner]) -> Cell {
        var filled = [Int](repeating: 0, count: Owner.allCases.count)
        for sector in sectors where flash.sectors[sector] != .erased { filled[owners[sector].rawValue] += 1 }
        let most = filled.max() ?? 0
        guard most > 0, let owner = Owner.allCases.first(where: { filled[$0.rawValue] == most }) else {
            return Cell(character: "·", colour: .faint)
        }
        guard ink.isColoured else { return Cell(character: owner.letter, colour: owner.colour) }
        let isMostlyFilled = filled.reduce(0, +) * 2 > sectors.count
        return Cell(character: isMostlyFilled ? "█" : "▒", colour: owner.colour)
    }

    /// The characters, with one change of colour for each stretch that has the same.
    private func inked(_ cells: [Cell]) -> String {
        var text = ""
        var rest = cells[...]
        while let first = rest.first {
            let same = rest.prefix { $0.colour == first.colour }
            text += ink(same.map(\.character).joined(), first.colour)
            rest = rest.dropFirst(same.count)
        }
        return text
    }
}
