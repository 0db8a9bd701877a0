import Digests

/// What each command does: ECR6600 facts §4.2 and §4.3, and of the community stub's own 90 and 99 (§10).
extension StubReading {
    /// "A handler reads its 8 bytes from +4 whatever the length was" (§4.1).
    private var address: UInt32 { word(at: 4) }
    private var length: UInt32 { word(at: 8) }

    /// "Range checks wrap at 32 bits (01, 02, 03, 04; 09 in 1.3.4)".
    private var wraps: Bool { UInt64(address) + UInt64(length) > 0xFFFF_FFFF }

    mutating func syn() {
        guard Array(memory[4..<8]) == Array("cnys".utf8) else { return answer(0, 1) }
        ackLength = 0
        // "Checksum byte is not computed" in all but 1.3.11.
        if is1311 { ackSum = 0x5A }
        output += [0x5A, 0, 0, 0, 0, ackSum]
    }

    mutating func startRAMDownload() {
        guard address &+ length <= 0xB0000 else { return answer(1, 2) }
        answer(1, 0)
        begin(1)
    }

    mutating func startFlashDownload() {
        guard address &+ length <= size else { return answer(2, 2) }
        // "Erase first!"
        eraseSectors()
        guard mode != 3 else { return end = .hang }
        answer(2, 0)
        begin(2)
    }

    private mutating func begin(_ type: UInt8) {
        download = Download(type: type, address: address, left: length, wraps: wraps)
        if type == 2, address == 0 { download.fromZero = 0 }
        waiting = .data
    }

    mutating func upload() {
        guard address &+ length <= size else { return answer(3, 2) }
        guard !wraps else { return end = .undefined("03 of a range that wraps") }
        guard length <= 0x40000 else { return end = .silence("more than is worth reading") }
        var place = Int(address)
        let last = place + Int(length)
        repeat {
            let chunk = min(65536, last - place)
            let data = (0..<chunk).map { flash[(place + $0) % flash.count] }
            let frame = answerData(3, data)
            // "The answer of 03 is built in the same place."
            memory.replaceSubrange(0..<frame.count, with: frame)
            place += chunk
        } while place < last
    }

    mutating func erase() {
        guard address &+ length <= size else { return answer(4, 2) }
        eraseSectors()
        answer(4, 0)
    }

    /// "4 KB sectors, length rounded up, misaligned addr → no erase" (§4.4); "a part takes 24 bits modulo its size" (§4.1).
    private mutating func eraseSectors() {
        guard address % 0x1000 == 0 else { return }
        let count = min((Int(length) + 0xFFF) / 0x1000, flash.count / 0x1000)
        for sector in 0..<count {
            let start = (Int(address) + sector * 0x1000) % 0x100_0000 % flash.count
            flash.replaceSubrange(start..<(start + 0x1000), with: [UInt8](repeating: 0xFF, count: 0x1000))
        }
    }

    mutating func eraseChip() {
        flash = [UInt8](repeating: 0xFF, count: flash.count)
        answer(5, 0)
    }

    mutating func run() {
        answer(6, 0)
        end = .left
    }

    mutating func baud() {
        guard (1...10_000_000).contains(address) else { return end = .undefined("a rate of \(address)") }
        answer(7, 0)
    }

    mutating func efuseCommand() {
        let (operation, place, count) = (half(at: 4), half(at: 6), half(at: 8))
        // "Checked in the order length, address, op".
        guard count % 4 == 0 else { return answer(8, 4) }
        guard place % 4 == 0, place <= 0x80 else { return answer(8, 2) }
        switch operation {
        case 0:
            guard place + count <= 0x80 else { return end = .silence("what lies behind the eFuse") }
            guard !hasRandomKey || place >= 0x34 || place + count <= 0x24 else {
                return end = .silence("a random key")
            }
            _ = answerData(8, Array(efuse[place..<(place + count)]), status: [])
        case 1:
            guard place + count <= 0x80 else { return end = .silence("what lies behind the eFuse") }
            answer(8, 0)
            waiting = .efuseData(address: place, length: count)
        case 2:
            if efuse[0x20] & 1 << 5 != 0 { answer(8, 1) }
            guard !hasRandomKey, efuse[0x24..<0x34].allSatisfy({ $0 == 0 }) else { return answer(8, 1) }
            hasRandomKey = true
            answer(8, 0)
        default: answer(8, 3)
        }
    }

    mutating func sha256() {
        let isInside = version == "1.3.4" ? address &+ length <= size : UInt64(address) + UInt64(length) <= size
        if isCommunity, wraps { return end = .silence("whether the community stub's 09 wraps") }
        guard isInside else { return answer(9, 2) }
        let last = Int(address) + Int(length)
        guard last <= flash.count else { return end = .undefined("09 beyond the flash") }
        _ = answerData(9, SHA256.of(Array(flash[Int(address)..<last])))
    }

    /// There is never a partition table in the flash here: "env failure status 1".
    mutating func mac(_ count: Int) {
        guard mode <= 2 else { return end = .silence("0C with a broken SPI mode") }
        guard count == 17 else { return end = .silence("0C with another length") }
        answer(0x0C, memory[5] & 1 == 1 ? 6 : 1)
    }

    /// "`5A 90 04 00 MM TT SS 00 status sum8`"; "90 leaves EA there, not its own answer's 0B".
    mutating func flashID() {
        _ = answerData(0x90, idBytes + [0])
        ackSum = 0xEA
    }

    mutating func efuseDump() {
        guard !hasRandomKey else { return end = .silence("a random key") }
        _ = answerData(0x99, efuse)
    }
}
