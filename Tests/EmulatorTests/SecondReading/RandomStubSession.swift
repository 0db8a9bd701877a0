import Line

/// A short session with a stub, made by chance: what a host sends, piece by piece, each when the one before was answered.
struct RandomStubSession {
    let version: String
    let seed: UInt64
    /// The flash's id as §5 writes it.
    private(set) var id = ""
    /// What lies at the flash's start.
    private(set) var image: [UInt8] = []
    private(set) var efuse: [UInt8] = []
    private(set) var pieces: [[UInt8]] = []
    private var generator: SplitMix64

    init(_ version: String, seed: UInt64) {
        self.version = version
        self.seed = seed
        // Each version gets sessions of its own.
        generator = SplitMix64(seed: version.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
        id = chance(of: 40) ? "1740C8" : pick(["1440C8", "1440C8", "1440C8", "1440C8", "1540C8", "FFFFFF"])
        image = chance(of: 2) ? [] : generator.bytes(0x4100).map { chance(of: 8) ? 0xFF : $0 }
        // What 1.3.11 makes its flash's size and SPI mode of, if it is made to (§4.3): nothing strange each time.
        if !image.isEmpty, chance(of: 2) { image.replaceSubrange(0x3818..<0x381C, with: little(UInt32(below(5)))) }
        if !image.isEmpty, chance(of: 2) { image.replaceSubrange(0x240C..<0x2410, with: little(address())) }
        efuse = generator.bytes(0x80)
        if chance(of: 2) { efuse.replaceSubrange(0x24..<0x34, with: [UInt8](repeating: 0, count: 16)) }
        for _ in 0..<(4 + below(7)) {
            addSome()
            // Its sum shows what the answers before have left.
            if chance(of: 3) { add(0, Array("cnys".utf8), isSumRight: true) }
        }
    }
}

// MARK: What it is made of

extension RandomStubSession {
    private mutating func below(_ end: Int) -> Int { Int(generator.next(below: UInt64(end))) }
    private mutating func chance(of one: Int) -> Bool { below(one) == 0 }
    private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// A frame: its sum right, and now and then wrong; now and then behind something that is none.
    private mutating func add(_ type: UInt8, _ body: [UInt8], isSumRight: Bool? = nil) {
        var frame = [0xA5, type, UInt8(body.count & 0xFF), UInt8(body.count >> 8)] + body
        frame.append(frame.reduce(0, &+))
        if !(isSumRight ?? !chance(of: 9)) { frame[frame.count - 1] &+= UInt8(1 + below(255)) }
        if chance(of: 12) { frame = pick([[0x00], [0x5A, 0x00], [0xFF, 0x02, 0x5A]]) + frame }
        // Now and then it comes in two parts, or close behind the one before.
        let cut = chance(of: 10) ? below(frame.count) : 0
        if cut > 0 { pieces.append(Array(frame[..<cut])) }
        if cut == 0, !pieces.isEmpty, chance(of: 15) {
            pieces[pieces.count - 1] += frame
        } else {
            pieces.append(Array(frame[cut...]))
        }
    }

    private func little(_ value: UInt32, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * UInt32($0)) & 0xFF) }
    }

    private mutating func address() -> UInt32 {
        switch below(8) {
        case 0: 0
        case 1: 0x1000 + UInt32(below(8)) * 0x1000
        case 2: 0x1000 + UInt32(below(0x3000))
        case 3: pick([0xFF000, 0x100000, 0x1FF000, 0x200000, 0x7F_F000, 0x80_0000])
        case 4: pick([0x20000, 0x5F000, 0xAF000, 0xB0000])
        case 5: pick([0xFFFF_F000, 0xFFFF_FF00, 0xFFFF_FFFF, 0xFF00_0000])
        case 6: 0x10F0 + UInt32(below(0x20))
        default: UInt32(below(0x100)) * 0x100
        }
    }

    private mutating func length() -> UInt32 {
        switch below(8) {
        case 0: 0
        case 1: UInt32(below(16))
        case 2: UInt32(below(600))
        case 3: pick([0x1000, 0x2000, 0x10000, 0x10001])
        case 4: pick([0xFFFF_F000, 0x8000_0000, 0x0100_0000, 0x0010_0000])
        default: pick([4, 8, 0x100, 0x400])
        }
    }

    private mutating func addSome() {
        switch below(14) {
        case 0, 1: add(pick([1, 2, 3, 4, 9]), little(address()) + little(length()))
        case 2: add(0, chance(of: 4) ? generator.bytes(4) : Array("cnys".utf8))
        case 3, 4: addShort()
        case 5, 6, 7: addDownload()
        case 8: addDataWithoutStart()
        case 9: addEFuse()
        case 10: addUnknown()
        case 11, 12: addUpload()
        default: addRare()
        }
    }

    /// A body that lacks something, down to nothing.
    private mutating func addShort() {
        let type: UInt8 = pick([0, 0, 1, 2, 3, 3, 4, 4, 4, 7, 8, 9])
        let body = little(address()) + little(length())
        add(type, Array(body.prefix(below(8))))
    }

    /// A start and its data, in a few frames: some sent again, some with wrong sums, sometimes too many.
    private mutating func addDownload() {
        let type: UInt8 = chance(of: 3) ? 1 : 2
        let sizes = (0..<(1 + below(4))).map { _ in chance(of: 12) ? 4096 : pick([1, 3, 4, 8, 40, 256, 300]) }
        let address = chance(of: 8) ? address() : type == 1 ? 0x30000 : place()
        var total = sizes.reduce(0, +)
        if chance(of: 8) { total = max(0, total + below(9) - 4) }
        add(type, little(address) + little(UInt32(total)), isSumRight: chance(of: 20) ? false : true)
        for (index, size) in sizes.enumerated() {
            let data = generator.bytes(size)
            add(type, [pick([0, 0, 0, 0x10])] + data)
            if chance(of: 5) { add(type, [1] + (chance(of: 2) ? data : generator.bytes(size))) }
            if index > 0, chance(of: 30) { add(type, []) }
        }
    }

    private mutating func place() -> UInt32 {
        pick([0, 0x1000, 0x3000, 0x4000, 0x10FE, 0x10F4, 0x2001, 0xF_E000])
    }

    private mutating func addDataWithoutStart() {
        add(pick([1, 2]), [pick([0, 1, 0x10])] + generator.bytes(pick([0, 1, 4, 7, 8, 20, 256])))
    }

    private mutating func addEFuse() {
        let operation: UInt32 = pick([0, 0, 1, 1, 2, 3])
        let place = UInt32(pick([0, 4, 0x18, 0x20, 0x24, 0x40, 0x7C, 0x80, 0x84, 3, 0x22]))
        let count = UInt32(pick([0, 4, 4, 4, 8, 6, 16]))
        add(8, little(operation, 2) + little(place, 2) + little(count, 2))
        guard operation == 1 else { return }
        let other = below(12)
        if chance(of: 4), other != count {
            // It is answered behind its head; what follows may be a frame.
            pieces.append([0xA5, 8, UInt8(other), 0])
            if chance(of: 2) { pieces.append(generator.bytes(other)) }
        } else {
            add(8, generator.bytes(Int(count)))
        }
    }

    private mutating func addUnknown() {
        add(pick([0x09, 0x0A, 0x0B, 0x0D, 0x10, 0x93, 0x96, 0x9F, 0xA0, 0xFE, 0xFF]), generator.bytes(below(8)))
    }

    private mutating func addUpload() {
        if version == "1.3.11", chance(of: 2) { return addOverrun() }
        add(3, little(chance(of: 2) ? 0 : address()) + little(length()), isSumRight: true)
        if chance(of: 2) { add(4, generator.bytes(below(3))) }
    }

    /// An upload that overwrites what 1.3.11 keeps behind its buffer, and something that uses that.
    private mutating func addOverrun() {
        let counts: [UInt32] = [
            0x2400, 0x2409, 0x240A, 0x240B, 0x240C, 0x240D, 0x240E, 0x240F, 0x2410, 0x3816, 0x3817, 0x3818, 0x381C,
        ]
        add(3, little(0) + little(pick(counts)), isSumRight: true)
        if chance(of: 2) { add(4, little(pick([0xFF000, 0x1FF000])) + little(0x2000)) } else { addDownload() }
    }

    private mutating func addRare() {
        switch below(12) {
        case 0: add(5, [])
        case 1: add(6, [])
        case 2: add(4, generator.bytes(9))
        case 5, 6, 7: add(7, little(pick([115_200, 921_600, 2_000_000, 57_600, 20_000_000])))
        case 3, 4: add(0x0C, Array("0\(below(4)):11:22:33:44:55".utf8))
        case 8: add(0x99, [])
        default: add(0x90, [])
        }
    }
}
