import Check
import Emulator
import Flasher
import Line
import Testing
import Wire

/// What a host reads of the flash and writes to it, whatever its dialect.
@Suite struct WatchedFlashTests {
    private static let whole = 0..<WatchedDesk.byteCount

    /// How a host can read.
    enum Way: CaseIterable, Sendable { case upload, blocks, compressed }

    private func read(_ desk: inout WatchedDesk, _ range: Range<Int>, _ way: Way) {
        switch way {
        case .upload: desk.upload(range)
        case .blocks: desk.read(range)
        case .compressed: desk.read(range, compressed: true)
        }
    }

    @Test(arguments: Way.allCases)
    func aCompleteReadIsABackup(way: Way) {
        var desk = WatchedDesk()
        read(&desk, 0..<(WatchedDesk.byteCount - 4096), way)
        #expect(!desk.holds(.backups(1)) && !desk.holds(.flash(.backup)))
        read(&desk, (WatchedDesk.byteCount - 4096)..<WatchedDesk.byteCount, way)
        #expect(desk.holds(.backups(1), .flash(.backup)) && !desk.holds(.backups(2)))
        read(&desk, Self.whole, way)
        #expect(desk.holds(.backups(2)) && !desk.holds(.backups(3)))
    }

    @Test(arguments: Way.allCases)
    func whatIsReadInPartIsNoBackupYet(way: Way) {
        var desk = WatchedDesk()
        #expect(desk.holds(.readsPart(false)))
        read(&desk, 0..<(WatchedDesk.byteCount / 2), way)
        #expect(desk.holds(.readsPart(true)) && !desk.holds(.readsPart(false)))
        read(&desk, (WatchedDesk.byteCount / 2)..<WatchedDesk.byteCount, way)
        #expect(desk.holds(.readsPart(false), .backups(1)))
        read(&desk, 0..<4096, way)
        #expect(desk.holds(.readsPart(true), .backups(1)))
        desk.store([1], at: 0x1000)
        #expect(desk.holds(.readsPart(false)), "what was read is gone")
    }

    /// The image lies at 0x1000 and has 0x800 bytes.
    @Test(arguments: Way.allCases)
    func whatIsReadWhereTheImageBelongsIsAComparison(way: Way) {
        var desk = WatchedDesk()
        read(&desk, 0x1000..<0x1400, way)
        #expect(!desk.holds(.comparisons(1)), "half of it")
        read(&desk, 0x1400..<0x1800, way)
        #expect(desk.holds(.comparisons(1)) && !desk.holds(.comparisons(2)))
        desk.hash(0x1000..<0x1800)
        #expect(desk.holds(.comparisons(2)) && !desk.holds(.comparisons(3)))
        desk.watch.beginStep()
        #expect(!desk.holds(.comparisons(1)))
        read(&desk, 0x1000..<0x1400, way)
        desk.store([1], at: 0x1000)
        read(&desk, 0x1400..<0x1800, way)
        #expect(!desk.holds(.comparisons(1)), "the half that was known has changed")
    }

    /// A frame with a wrong byte whose sum is right all the same, and a block likewise.
    @Test func aWrongByteIsNoBackup() {
        var desk = WatchedDesk()
        desk.upload(Self.whole) { $0[17] ^= 1 }
        #expect(!desk.holds(.backups(1)))
        desk.read(Self.whole) { index, block in if index == 3 { block[100] ^= 1 } }
        #expect(!desk.holds(.backups(1)))
        desk.read(Self.whole, compressed: true) { index, block in if index == 0 { block[100] ^= 1 } }
        #expect(!desk.holds(.backups(1)))
        desk.read(Self.whole)
        #expect(desk.holds(.backups(1)))
    }

    @Test func aSessionThatBreaksOffIsNoBackup() {
        var desk = WatchedDesk()
        desk.read(0..<0x8000)
        desk.happened(.portClosed)
        desk.read(0x8000..<WatchedDesk.byteCount)
        #expect(!desk.holds(.backups(1)))
        desk.event(.power(on: true))
        desk.read(0..<0x8000)
        #expect(!desk.holds(.backups(1)))
        desk.read(0x8000..<WatchedDesk.byteCount)
        #expect(desk.holds(.backups(1)))
    }

    /// A wire comes off in the midst of a block, and the host gives up; the next one reads it all.
    @Test(arguments: [1, 3, 100, 1028], [false, true])
    func aWholeReadAfterABrokenOneIsABackup(count: Int, cancels: Bool) {
        var desk = WatchedDesk()
        desk.happened(.portOpened)
        desk.ask(StubRequest(.xmodemRead, address: 0, length: UInt32(WatchedDesk.byteCount)))
        desk.host([XMODEM.ready])
        var block: [UInt8] = []
        XMODEM.appendBlock(number: 1, data: Array(desk.flash.bytes(0..<1024)).span, to: &block)
        desk.chip(block)
        desk.host([XMODEM.ack])
        block = []
        XMODEM.appendBlock(number: 2, data: Array(desk.flash.bytes(1024..<2048)).span, to: &block)
        desk.chip(block, damagedTo: Array(block.prefix(count)))
        for _ in 0..<3 {
            desk.host([XMODEM.nak])
            desk.chip(block, damagedTo: [])
        }
        if cancels { desk.host([XMODEM.cancel, XMODEM.cancel]) }
        desk.happened(.portClosed)
        desk.happened(.portOpened)
        desk.read(Self.whole)
        #expect(desk.holds(.backups(1)) && !desk.holds(.backups(2)))
    }

    /// What is changed between two halves was not read.
    @Test func aChangeMeanwhileIsNoBackup() {
        var desk = WatchedDesk()
        desk.read(0..<0x8000)
        desk.store([1, 2, 3], at: 0x2000)
        desk.read(0x8000..<WatchedDesk.byteCount)
        #expect(!desk.holds(.backups(1)))
    }

    @Test func whatIsInTheFlash() {
        var desk = WatchedDesk()
        #expect(desk.holds(.flash(.factory)))
        for other in [BenchExpectation.FlashContents.image, .erased, .backup, .changed] {
            #expect(!desk.holds(.flash(other)))
        }
        desk.read(Self.whole)
        desk.store(WatchedDesk.image[0].bytes, at: WatchedDesk.image[0].address)
        #expect(desk.holds(.flash(.image)) && !desk.holds(.flash(.changed)) && !desk.holds(.flash(.factory)))
        desk.store([0], at: 0x1400)
        #expect(desk.holds(.flash(.changed)) && !desk.holds(.flash(.image)))
        desk.flash.eraseSectors(16, at: 0)
        desk.watch.note(desk.flash)
        #expect(desk.holds(.flash(.erased)) && !desk.holds(.flash(.changed)))
        desk.store(WatchedDesk.factory.contents, at: 0)
        #expect(desk.holds(.flash(.backup), .flash(.factory)))
    }

    /// How a host can write.
    enum WayToWrite: CaseIterable, Sendable { case download, blocks, compressed }

    private func write(_ desk: inout WatchedDesk, _ bytes: [UInt8], at address: Int, _ way: WayToWrite) {
        switch way {
        case .download: desk.download(bytes, at: address)
        case .blocks: desk.write(bytes, at: address)
        case .compressed: desk.write(bytes, at: address, compressed: true)
        }
    }

    @Test(arguments: WayToWrite.allCases)
    func whatIsWrittenMustBeLookedAt(way: WayToWrite) {
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        var desk = WatchedDesk()
        #expect(desk.holds(.verified(false)))
        desk.hash(0x2000..<(0x2000 + 3000))
        write(&desk, bytes, at: 0x2000, way)
        #expect(desk.holds(.verified(false)), "what was asked before counts for nothing")
        desk.hash(0x2000..<0x2400)
        #expect(desk.holds(.verified(false)))
        desk.hash(0x2000..<(0x2000 + 3000))
        #expect(desk.holds(.verified(true)))
        write(&desk, bytes, at: 0x4000, way)
        #expect(desk.holds(.verified(false)))
        desk.upload(0x4000..<0x5000)
        #expect(desk.holds(.verified(true)))
        desk.store([1], at: 0x4000)
        #expect(desk.holds(.verified(false)), "it is no longer what was looked at")
    }

    /// The flash has kept something else than the host sent: the hash that is told is right, and not the image's.
    @Test func whatIsStoredWrongIsNotVerified() {
        let bytes = [UInt8](repeating: 0x11, count: 2048)
        var desk = WatchedDesk()
        desk.write(bytes, at: 0x2000, stored: [UInt8](repeating: 0x10, count: 2048))
        desk.hash(0x2000..<0x2800)
        #expect(desk.holds(.verified(false)))
        desk.write(bytes, at: 0x2000)
        desk.hash(0..<WatchedDesk.byteCount)
        #expect(desk.holds(.verified(true)), "what is written again takes the place of what was there")
    }

    // MARK: Anything at all

    private static let conditions: [BenchExpectation.Condition] =
        Step.allCases.flatMap { step in (1...3).map { .step(step, count: $0) } }
        + [1, 2, 3].map { .backups($0) } + BenchExpectation.FlashContents.allCases.map { .flash($0) }
        + [.verified(true), .says("OpenBeken"), .hostReceivesNoise, .silence(.milliseconds(100)), .givesUp(true)]

    private func told(_ desk: WatchedDesk) -> [Bool] { Self.conditions.map { desk.holds($0) } }

    private func session(cuts: [Int]) -> WatchedDesk {
        var desk = WatchedDesk()
        desk.cuts = cuts
        desk.event(.power(on: true))
        desk.event(.loader("application"))
        desk.host(Array("cnys".utf8))
        desk.chip(Array("hello, OpenBeken\r\n".utf8))
        desk.event(.loader("stub community"))
        desk.ask(StubRequest(.flashID), answer: StubAnswer(.flashID, data: [0xC8, 0x40, 0x10]))
        desk.read(Self.whole)
        desk.upload(0..<0x3000)
        desk.read(Self.whole, compressed: true)
        desk.download([UInt8](repeating: 7, count: 2500), at: 0x3000)
        desk.hash(0x3000..<0x4000)
        return desk
    }

    /// How the runs are cut makes no difference.
    @Test(arguments: [[1], [3, 1000, 2], [7], [4096, 1], [64]])
    func cutsDoNotShow(cuts: [Int]) {
        let whole = told(session(cuts: [.max]))
        #expect(told(session(cuts: cuts)) == whole)
        #expect(whole.contains(true) && whole.contains(false))
    }

    @Test(arguments: UInt64(1)...60)
    func garbageDoesNoHarm(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var desk = WatchedDesk()
        let heads: [[UInt8]] = [
            Array("cnys".utf8), StubRequest(.flashUpload, address: 0, length: .max).bytes,
            StubRequest(.xmodemRead, address: .max, length: .max).bytes, [0x5A, 0x03, 0xFF, 0xFF], [0x02, 0x01, 0xFE],
            StubRequest(.xmodemWriteCompressed, address: 0, length: 0xFFFF).bytes, StubAnswer(.xmodemRead).bytes,
            StubRequest(.flashDownload, address: 0xF000, length: 0x2000).bytes, StubAnswer(.flashDownload).bytes,
            StubRequest(.sha256, address: 0xFFFF, length: 2).bytes, StubAnswer(.sha256, data: [1]).bytes, [0x04],
            [0x06],
        ]
        for _ in 0..<200 {
            let bytes =
                generator.next(below: 3) == 0
                ? generator.bytes(Int(generator.next(below: 2000)))
                : heads[Int(generator.next(below: UInt64(heads.count)))]
            switch generator.next(below: 9) {
            case 0...2: desk.host(bytes)
            case 3...5: desk.chip(bytes)
            case 6: desk.chip(bytes, damagedTo: generator.bytes(Int(generator.next(below: 20))))
            case 7: desk.event(.power(on: generator.next(below: 2) == 0))
            default: desk.happened(generator.next(below: 2) == 0 ? .portOpened : .portClosed)
            }
            if generator.next(below: 20) == 0 { desk.watch.beginStep() }
        }
        #expect(!desk.holds(.backups(1)) && desk.holds(.verified(false)))
        // Whatever came before, what comes now is understood.
        desk.event(.power(on: false))
        desk.event(.power(on: true))
        desk.read(Self.whole)
        #expect(desk.holds(.backups(1)))
    }
}
