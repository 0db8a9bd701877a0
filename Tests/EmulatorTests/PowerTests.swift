import Emulator
import Line
import Testing
import Wire

/// Power taken away and given back: what a person at the switch does.
@Suite struct PowerTests {
    @Test func withoutPowerItIsSilentAndTheFlashIsKept() {
        var tested = ChipUnderTest.communityStub()
        _ = tested.ask(StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes, for: .milliseconds(110))
        _ = tested.ask(CommunityXmodemTests.block(1, 0xAB), for: .milliseconds(1))
        tested.chip.switchPower(on: false, at: tested.now)
        #expect(!tested.chip.isPowered)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35], for: .seconds(5)).isEmpty)
        #expect(tested.chip.flash.bytes(0x1000..<0x1400).allSatisfy { $0 == 0xAB })
    }

    /// Power that goes in the middle of an erase: only the sectors whose turn had come are gone, and no event is told of a
    /// time that never came.
    @Test(arguments: [(StubRequest(.erase, address: 0x1000, length: 0x8000), 8), (StubRequest(.chipErase), 512)])
    func powerLostWhileErasing(request: StubRequest, sectors: Int) {
        let image = [UInt8](repeating: 0x11, count: 2 << 20)
        var tested = ChipUnderTest.communityStub(timing: .wire, image: image)
        let took = request.command == .chipErase ? Duration.milliseconds(7000) : .milliseconds(8 * 45)
        tested.give(request.bytes)
        tested.run(for: took / 2)
        tested.chip.switchPower(on: false, at: tested.now)
        let first = request.command == .chipErase ? 0 : 0x1000
        let gone = (0..<sectors).map { tested.chip.flash.bytes((first + $0 * 4096)..<(first + $0 * 4096 + 1))[0] }
        let lost = gone.prefix { $0 == 0xFF }.count
        #expect(abs(lost - sectors / 2) <= 1, "\(lost) of \(sectors)")
        #expect(gone.dropFirst(lost).allSatisfy { $0 == 0x11 })
        #expect(tested.chip.takeEvents().allSatisfy { $0.time <= tested.now })
    }

    /// The same for programming: pages whose turn had come are there, the others are not.
    @Test func powerLostWhileProgramming() {
        var tested = ChipUnderTest.communityStub(timing: .wire) { $0.timing.pacesCharacters = false }
        tested.give(StubRequest(.flashDownload, address: 0x1000, length: 4096).bytes)
        tested.run(for: .seconds(1))
        tested.give(StubRequest.data(.flashDownload, again: false, [UInt8](repeating: 0, count: 4096)).bytes)
        // 16 pages of 0.5 ms.
        tested.run(for: .microseconds(4100))
        tested.chip.switchPower(on: false, at: tested.now)
        let written = tested.chip.flash.bytes(0x1000..<0x2000).prefix { $0 == 0 }.count
        #expect(written % 256 == 0 && (8 * 256...9 * 256).contains(written), "\(written)")
        #expect(tested.chip.flash.bytes(0x1000..<0x2000).dropFirst(written).allSatisfy { $0 == 0xFF })
    }

    /// With torn operations: what was done is done, what was under way is in part, what comes later is untouched. The same
    /// seed leaves the same.
    @Test(arguments: [(0.1, 1), (0.5, 2), (0.9, 3)] as [(Double, UInt64)])
    func anEraseUnderWayIsTorn(share: Double, seed: UInt64) {
        func left(_ seed: UInt64?) -> [UInt8] {
            var tested = ChipUnderTest.communityStub(timing: .wire, image: [UInt8](repeating: 0x11, count: 2 << 20))
            if let seed { tested.chip.tearFlash(by: seed) }
            tested.give(StubRequest(.erase, address: 0x1000, length: 0x8000).bytes)
            // The fourth of eight sectors of 45 ms.
            tested.run(for: .milliseconds(45) * 3 + .microseconds(Int64(45_000 * share)))
            tested.chip.switchPower(on: false, at: tested.now)
            return tested.chip.flash.bytes(0x1000..<0x9000)
        }
        let torn = left(seed)
        #expect(torn == left(seed) && torn != left(seed + 1))
        #expect(torn[..<0x3000].allSatisfy { $0 == 0xFF } && torn[0x4000...].allSatisfy { $0 == 0x11 })
        let sector = torn[0x3000..<0x4000]
        #expect(sector.allSatisfy { $0 & 0x11 == 0x11 }, "an erase clears no bit")
        let set = sector.reduce(0) { $0 + ($1 ^ 0x11).nonzeroBitCount }
        // Of 6 bits of each of 4,096 bytes; 4 standard deviations are 320.
        let eighths = 1 + Int(6 * share)
        #expect(abs(set - 4096 * 6 * eighths / 8) < 320, "\(set) bits")
        #expect(left(nil)[0x3000..<0x4000].allSatisfy { $0 == 0xFF }, "without, what has begun is done")
    }

    @Test func aPageUnderWayIsTorn() {
        var tested = ChipUnderTest.communityStub(timing: .wire) { $0.timing.pacesCharacters = false }
        tested.chip.tearFlash(by: 7)
        tested.chip.notesFlashOperations = true
        tested.give(StubRequest(.flashDownload, address: 0x1000, length: 4096).bytes)
        tested.run(for: .seconds(1))
        tested.give(StubRequest.data(.flashDownload, again: false, [UInt8](repeating: 0, count: 4096)).bytes)
        tested.run(for: .microseconds(4100))
        tested.chip.switchPower(on: false, at: tested.now)
        let bytes = tested.chip.flash.bytes(0x1000..<0x2000)
        let whole = bytes.prefix { $0 == 0 }.count / 256 * 256
        let page = bytes[whole..<(whole + 256)]
        #expect(page.contains { $0 != 0 } && page.contains { $0 != 0xFF })
        #expect(bytes[(whole + 256)...].allSatisfy { $0 == 0xFF })
        // Those that came to pass are noted, in order.
        let programs = tested.chip.flashOperations.filter { $0.kind == .program }
        #expect(programs.map(\.range.lowerBound) == stride(from: 0x1000, through: 0x1000 + whole, by: 256).map { $0 })
        #expect(programs.allSatisfy { $0.end == $0.start.advanced(by: .microseconds(500)) })
    }

    /// §1.1: power-on reset ends above 2.5 V, so a supply that rises to 3.3 V in 330 ms delays everything by 250 ms.
    @Test func aSlowSupplyDelaysTheStart() {
        func window(_ ramp: Duration) -> Instant? {
            var settings = ChipSettings()
            settings.start = .uboot
            settings.uboot = .v140
            settings.powerRamp = ramp
            var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
            tested.run(for: .seconds(2))
            return tested.sent.first?.start
        }
        let (steep, slow) = (window(.zero), window(.milliseconds(330)))
        #expect(steep.flatMap { steep in slow.map { steep.duration(to: $0) } } == .milliseconds(250))
    }

    /// A stub that was left in its XMODEM receiver comes back at its parser (§10, last but one line: reset or power cycle).
    @Test func aPowerCycleEndsAReceiver() {
        var tested = ChipUnderTest.communityStub()
        _ = tested.ask(StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes, for: .milliseconds(110))
        #expect(tested.ask([0xA5], for: .milliseconds(1)) == [0x15], "still a receiver")
        tested.chip.switchPower(on: false, at: tested.now)
        tested.run(for: .milliseconds(100))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .milliseconds(100))
        _ = tested.heard()
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]) == [0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x15, 0, 0, 0x0B])
    }
}
