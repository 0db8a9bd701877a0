import Line

/// Changes a few places of a file at random: bits, signs, pieces that are missing, doubled or moved, an early end.
struct Tampering {
    private var random: SplitMix64
    /// What texts of recordings are made of.
    private static let signs = Array("0123456789abcdefxz#$<>:.,+-=| \n\r\t\"!{}[]bTX".utf8)
    /// Numbers at which readers of sizes stumble.
    private static let numbers: [UInt32] = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

    mutating func tampered(_ file: [UInt8]) -> [UInt8] {
        var file = file
        for _ in 0..<[1, 1, 2, 5, 40][below(5)] {
            guard !file.isEmpty else { break }
            // Most structure is at the front.
            let end = below(2) == 0 ? file.count : min(file.count, 200)
            let place = below(end)
            switch below(9) {
            case 0: file[place] = UInt8(below(256))
            case 1: file[place] = Self.signs[below(Self.signs.count)]
            case 2, 3: file[place] ^= 1 << UInt8(below(8))
            case 4: file.insert(contentsOf: repeatElement(UInt8(ascii: "9"), count: below(30)), at: place)
            case 5: file.removeSubrange(place..<min(file.count, place + below(40)))
            case 6: file.insert(contentsOf: file[place..<min(file.count, place + below(300))], at: below(end))
            case 7:
                let number = Self.numbers[below(Self.numbers.count)]
                let isBig = below(2) == 0
                for index in 0..<min(4, file.count - place) {
                    file[place + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * (isBig ? 3 - index : index)))
                }
            default:
                // Not too often, or nothing is left for the others to be found in.
                if below(4) == 0 { file.removeSubrange(place...) }
            }
        }
        return file
    }
}

/// How many files of each kind are tampered with: in the long form a million in all, over ten kinds of text and waveform
/// and four of USB.
let tamperedFileCount = (short: 60, long: 72_000)
