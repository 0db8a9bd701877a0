import Emulator
import Images
import Line
import Testing
import Wire

/// A session that is cut where it has come to a point, however the driver tells the time and in whatever pieces the
/// characters come.
@Suite struct PlannedCutTests {
    /// §4.2.
    private static let syn: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]

    /// ERASE of sectors (§4.2): address and length, little-endian; the sum of all before it is last.
    private static func erase(_ sectors: Int, at address: UInt32) -> [UInt8] {
        let numbers = [address, UInt32(sectors * NORFlash.sectorByteCount)]
        var frame: [UInt8] = [0xA5, 0x04, 0x08, 0x00]
        for number in numbers { frame += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        return frame + [frame.reduce(0, &+)]
    }

    /// A stub on a flash without a single FF, 100 ms old.
    private static func bench(_ cut: PlannedCut, by step: Duration = .milliseconds(1)) -> Driver {
        var settings = ChipSettings()
        settings.start = .stub
        var flash = NORFlash(id: .gd25q16e)
        flash.load([UInt8](repeating: 0x5A, count: 0x10000))
        var chip = Chip(settings: settings, flash: flash, isInterruptible: true)
        chip.plan(cut)
        var driver = Driver(chip: chip)
        driver.run(for: .milliseconds(100), by: .milliseconds(1))
        driver.step = step
        return driver
    }

    /// A driver that tells the time in equal steps.
    private struct Driver {
        var chip: Chip
        var now = Instant.zero
        var step = Duration.milliseconds(1)
        var heardCount = 0

        mutating func run(for time: Duration, by step: Duration? = nil) {
            let end = now.advanced(by: time)
            chip.advance(to: now)
            while now < end {
                now = min(end, now.advanced(by: step ?? self.step))
                chip.advance(to: now)
                var bytes: [UInt8] = []
                while chip.transmit(into: &bytes) != nil {}
                heardCount += bytes.count
            }
        }

        /// At the host's usual rate; the chip's own is 114,943 baud (§1.3). - Returns: when the last character has crossed.
        mutating func send(_ bytes: [UInt8], pieces: Int = .max) -> Instant {
            let timing = RunTiming(start: now, backToBackAt: BitRate(baud: 115_200))
            for start in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
                let end = min(bytes.count, start + min(pieces, bytes.count))
                chip.receive(bytes.span.extracting(start..<end), timing: timing.dropping(start))
            }
            return timing.end(of: bytes.count)
        }

        func isErased(_ sector: Int) -> Bool {
            let start = sector * NORFlash.sectorByteCount
            return chip.flash.bytes(start..<(start + NORFlash.sectorByteCount)).allSatisfy { $0 == 0xFF }
        }
    }

    private static let steps: [Duration] = [.microseconds(87), .milliseconds(1), .milliseconds(37), .seconds(10)]

    @Test(arguments: steps, [1, 2, 7, Int.max]) func theSecondCommand(step: Duration, pieces: Int) throws {
        var driver = Self.bench(PlannedCut(at: CutPoint(.step(.command, byteCount: nil), count: 2)), by: step)
        _ = driver.send(Self.syn, pieces: pieces)
        driver.run(for: .milliseconds(100), by: .milliseconds(1))
        #expect(driver.heardCount == 6 && driver.chip.isPowered)
        let end = driver.send(Self.syn, pieces: pieces)
        driver.run(for: .seconds(1))
        #expect(driver.chip.cutAt == end && !driver.chip.isPowered && driver.heardCount == 6)
        // Nobody gives it power again.
        driver.chip.command(.power(on: true), at: driver.now)
        driver.chip.command(.cyclePower(off: .milliseconds(10)), at: driver.now)
        driver.run(for: .seconds(1))
        #expect(!driver.chip.isPowered)
    }

    /// An answer has crossed whole, and nothing after it.
    @Test(arguments: steps) func theSecondAnswer(step: Duration) {
        var driver = Self.bench(PlannedCut(at: CutPoint(.step(.answer, byteCount: nil), count: 2)), by: step)
        for _ in 0..<3 {
            _ = driver.send(Self.syn)
            driver.run(for: .milliseconds(100))
        }
        #expect(driver.heardCount == 12 && !driver.chip.isPowered)
    }

    /// Sectors are erased one after the other: those whose turn has come are gone, and the one under way is done or torn.
    @Test(arguments: steps, [nil, 7] as [UInt64?]) func theSecondErase(step: Duration, seed: UInt64?) {
        let point = CutPoint(.flash(.erase), count: 2)
        var driver = Self.bench(PlannedCut(at: point, .power(tearing: seed)), by: step)
        _ = driver.send(Self.erase(3, at: 0x2000))
        driver.run(for: .seconds(10))
        #expect(driver.chip.cutAt != nil && !driver.chip.isPowered)
        #expect([2, 3, 4].map(driver.isErased) == [true, seed == nil, false])
        let torn = driver.chip.flash.bytes(0x3000..<0x4000)
        let changed = torn.count { $0 != 0x5A }
        #expect(seed == nil ? changed == 4096 : changed > 2048 && torn.contains { $0 != 0xFF })
    }

    /// What is cut is the same to the bit, whatever the driver does.
    @Test func tornAlikeInEachRun() {
        let flashes = Self.steps.map { step in
            var driver = Self.bench(
                PlannedCut(at: CutPoint(.flash(.erase), count: 2), .power(tearing: 7)), by: step)
            _ = driver.send(Self.erase(3, at: 0x2000))
            driver.run(for: .seconds(10))
            return driver.chip.flash.bytes(0x2000..<0x5000)
        }
        #expect(Set(flashes).count == 1)
    }

    /// The plug goes with a command: what follows never comes, and the chip does what it has been told.
    @Test(arguments: steps) func thePlug(step: Duration) {
        var driver = Self.bench(PlannedCut(at: CutPoint(.step(.command, byteCount: nil), count: 1), .plug), by: step)
        let both = Self.erase(1, at: 0x2000) + Self.erase(1, at: 0x3000)
        let timing = RunTiming(start: driver.now, backToBackAt: BitRate(baud: 115_200))
        _ = driver.send(both)
        let end = timing.end(of: both.count / 2)
        driver.run(for: .seconds(10))
        #expect(driver.chip.unpluggedAt == end && driver.chip.isPowered)
        _ = driver.send(Self.erase(1, at: 0x4000))
        driver.run(for: .seconds(10))
        #expect([2, 3, 4].map(driver.isErased) == [true, false, false])
        #expect(driver.heardCount == 0)
    }

    @Test func pointsAreKept() {
        var driver = Self.bench(PlannedCut(at: nil, keepsPassed: true))
        _ = driver.send(Self.syn)
        driver.run(for: .milliseconds(100))
        _ = driver.send(Self.erase(2, at: 0x2000))
        driver.run(for: .seconds(10))
        let points = driver.chip.passedPoints
        let names = points.sorted { $0.moment < $1.moment }.map(\.point.description)
        #expect(names == ["command:1", "answer:1", "command:2", "erase:1", "erase:2", "answer:2"])
        #expect(points.compactMap(\.command) == [0x00, 0x04])
        #expect(points.compactMap(\.address) == [0x2000, 0x3000])
        #expect(driver.chip.cutAt == nil && driver.chip.isPowered)
    }

    @Test(arguments: [
        ("block-ack:3", CutPoint(.step(.blockAck, byteCount: nil), count: 3)),
        ("data-frame:2+1024", CutPoint(.step(.dataFrame, byteCount: 1024), count: 2)),
        ("erase:4", CutPoint(.flash(.erase), count: 4)), ("program:17", CutPoint(.flash(.program), count: 17)),
    ])
    func names(text: String, point: CutPoint) {
        #expect(CutPoint(text) == point && point.description == text)
    }

    /// BAUD is a command among others.
    @Test func baudIsACommand() {
        #expect(CutPoint("baud:2") == CutPoint("command:2") && CutPoint("baud-answer:1") == CutPoint("answer:1"))
    }

    @Test(arguments: [
        "", "block", "block:", "block:0", "block:-1", "block:1+", "block:1+0", "block:1+5", "erase:1+1024", "blocks:1",
        "block:1:2", "block:1+1024+1024", "block:99999999999999999999",
    ])
    func noNames(text: String) {
        #expect(CutPoint(text) == nil)
    }
}
