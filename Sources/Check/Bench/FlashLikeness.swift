import Emulator

/// How a flash compares with another, sector by sector, so that a change costs no more than the sectors that it is about.
struct FlashLikeness: Sendable {
    /// What it is compared with.
    let other: NORFlash
    /// Where; outside these anything may be.
    private let ranges: [Range<Int>]
    private var differs: [Bool]
    private var differingCount = 0

    private static let sector = NORFlash.sectorByteCount

    /// - Parameters:
    ///   - ranges: nil for the whole flash.
    ///   - flash: of the same size.
    init(to other: NORFlash, in ranges: [Range<Int>]? = nil, of flash: NORFlash) {
        self.other = other
        let whole = 0..<other.byteCount
        self.ranges = (ranges ?? [whole]).map { $0.clamped(to: whole) }.filter { !$0.isEmpty }
        differs = Array(repeating: false, count: other.byteCount / Self.sector)
        look(
            at: differs.indices.filter { sector in self.ranges.contains { $0.overlaps(Self.range(of: sector)) } },
            in: flash)
    }

    /// Whether the flash holds the same.
    var isSame: Bool { differingCount == 0 && !ranges.isEmpty }

    /// These sectors have changed.
    mutating func look(at sectors: [Int], in flash: NORFlash) {
        for sector in sectors where sector < differs.count {
            let range = Self.range(of: sector)
            let isOther = ranges.contains { part in
                let part = part.clamped(to: range)
                return !part.isEmpty && flash.bytes(part) != other.bytes(part)
            }
            guard isOther != differs[sector] else { continue }
            differs[sector] = isOther
            differingCount += isOther ? 1 : -1
        }
    }

    private static func range(of number: Int) -> Range<Int> { (number * sector)..<((number + 1) * sector) }
}

/// What is in a flash, as a `BenchExpectation` calls it.
struct WatchedFlash: Sendable {
    private(set) var flash: NORFlash
    private var beginning: FlashLikeness
    private var factory: FlashLikeness
    private var image: FlashLikeness
    private var erased: FlashLikeness
    private var backup: FlashLikeness?

    /// - Parameters:
    ///   - flash: as it is at the beginning.
    ///   - factory: what the plug came with.
    ///   - image: pieces by address.
    init(_ flash: NORFlash, factory: NORFlash, image: [(address: Int, bytes: [UInt8])]) {
        self.flash = flash
        let blank = NORFlash(id: flash.id, byteCountIfUnknown: flash.byteCount)
        var written = blank
        for piece in image { written.load(piece.bytes, at: piece.address) }
        beginning = FlashLikeness(to: flash, of: flash)
        self.factory = FlashLikeness(to: factory, of: flash)
        self.image = FlashLikeness(
            to: written, in: image.map { $0.address..<($0.address + $0.bytes.count) }, of: flash)
        erased = FlashLikeness(to: blank, of: flash)
    }

    /// - Returns: the sectors that hold something else than before.
    mutating func note(_ new: NORFlash) -> [Int] {
        guard new.changes != flash.changes, new.byteCount == flash.byteCount else { return [] }
        let sectors = new.changedSectors(since: flash)
        flash = new
        guard !sectors.isEmpty else { return [] }
        beginning.look(at: sectors, in: new)
        factory.look(at: sectors, in: new)
        image.look(at: sectors, in: new)
        erased.look(at: sectors, in: new)
        backup?.look(at: sectors, in: new)
        return sectors
    }

    /// Whether it holds what it held at the beginning.
    var isAsAtBeginning: Bool { beginning.isSame }

    /// The host has been given all of it, for the first time.
    mutating func noteBackup() {
        if backup == nil { backup = FlashLikeness(to: flash, of: flash) }
    }

    func holds(_ contents: BenchExpectation.FlashContents) -> Bool {
        switch contents {
        case .factory: factory.isSame
        case .image: image.isSame
        case .erased: erased.isSame
        case .backup: backup?.isSame ?? false
        case .changed:
            !beginning.isSame && !factory.isSame && !image.isSame && !erased.isSame && backup?.isSame != true
        }
    }
}
