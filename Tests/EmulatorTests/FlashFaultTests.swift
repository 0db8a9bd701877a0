import Emulator
import Line
import Testing
import Wire

/// Faults of the flash behind a community stub: what it answers is what the facts say (§4.2: success, since nothing looks
/// at the flash), and what is in the flash is what the fault leaves.
@Suite struct FlashFaultTests {
    private static let image = [UInt8](repeating: 0x11, count: 2 << 20)

    private func chip(
        _ faults: [FlashFaults.Choice], timing: ChipTiming = .brisk, image: [UInt8] = image,
        power: PowerSchedule = .on
    ) throws -> ChipUnderTest {
        var settings = ChipSettings()
        settings.start = .stub
        settings.timing = timing
        var flash = NORFlash(id: .gd25q16e)
        flash.load(image)
        var tested = ChipUnderTest(
            Chip(settings: settings, flash: flash, flashFaults: try FlashFaults(faults), power: power))
        tested.run(for: .milliseconds(100))
        return tested
    }

    private func fired(_ tested: inout ChipUnderTest) -> [String] {
        tested.chip.takeEvents().compactMap { if case .fault(let name, _) = $0.kind { name } else { nil } }
    }

    private func program(_ tested: inout ChipUnderTest, _ bytes: [UInt8], at address: UInt32) -> [UInt8] {
        let start = StubRequest(.flashDownload, address: address, length: UInt32(bytes.count)).bytes
        let frame = StubRequest.data(.flashDownload, again: false, bytes).bytes
        return tested.ask(start) + tested.ask(frame)
    }

    /// §4.2: `5A 04 00 00 00 5E` whatever the sector did.
    @Test func aWornSectorKeepsWhatItHad() throws {
        var tested = try chip([("worn-sector", ["address": 0x2FFF])])
        let erase = StubRequest(.erase, address: 0x1000, length: 0x3000).bytes
        #expect(tested.ask(erase) == [0x5A, 4, 0, 0, 0, 0x5E])
        #expect(tested.chip.flash.bytes(0x1000..<0x2000).allSatisfy { $0 == 0xFF })
        #expect(tested.chip.flash.bytes(0x2000..<0x3000).allSatisfy { $0 == 0x11 })
        #expect(tested.chip.flash.bytes(0x3000..<0x4000).allSatisfy { $0 == 0xFF })
        #expect(fired(&tested) == ["worn-sector"])
        // Programming there still clears bits.
        #expect(
            program(&tested, [0xF0, 0xF0, 0xF0, 0xF0], at: 0x2000) == [0x5A, 2, 0, 0, 0, 0x5C, 0x5A, 2, 0, 0, 0, 0x5C])
        #expect(tested.chip.flash.bytes(0x2000..<0x2005) == [0x10, 0x10, 0x10, 0x10, 0x11])
        #expect(tested.chip.faultFirings.map(\.count) == [2])
    }

    /// A block (§4.4) and the whole chip go past it, too.
    @Test(arguments: [StubRequest(.chipErase), StubRequest(.flashDownload, address: 0, length: 0x20000)])
    func everyEraseMeetsAWornSector(request: StubRequest) throws {
        var tested = try chip([("worn-sector", ["address": 0x8000])])
        _ = tested.ask(request.bytes)
        #expect(tested.chip.flash.bytes(0x7000..<0x8000).allSatisfy { $0 == 0xFF })
        #expect(tested.chip.flash.bytes(0x8000..<0x9000).allSatisfy { $0 == 0x11 })
        #expect(tested.chip.faultFirings.map(\.count) == [1])
    }

    @Test func aSectorThatErasesAtTheThirdAttempt() throws {
        var tested = try chip([("worn-sector", ["address": 0x1000, "times": 2])])
        let erase = StubRequest(.erase, address: 0x1000, length: 0x1000).bytes
        let left = (0..<3).map { _ in
            _ = tested.ask(erase)
            return tested.chip.flash.bytes(0x1000..<0x1001)[0]
        }
        #expect(left == [0x11, 0x11, 0xFF])
        #expect(tested.chip.faultFirings.map(\.count) == [2])
    }

    /// §4.2, §4.3: the frame is answered with success; SHA-256 (09) or reading tells.
    @Test func aStuckBitStaysOne() throws {
        var tested = try chip([("stuck-bit", ["address": 0x1002, "bit": 3])])
        #expect(program(&tested, [0, 0, 0, 0], at: 0x1000) == [0x5A, 2, 0, 0, 0, 0x5C, 0x5A, 2, 0, 0, 0, 0x5C])
        #expect(tested.chip.flash.bytes(0x1000..<0x1005) == [0, 0, 0x08, 0, 0xFF])
        #expect(fired(&tested) == ["stuck-bit"])
    }

    /// A program that leaves the bit alone shows nothing.
    @Test func aStuckBitThatIsNotAskedForNeverFires() throws {
        var tested = try chip([("stuck-bit", ["address": 0x1002, "bit": 3])])
        _ = program(&tested, [0, 0, 0x08, 0], at: 0x1000)
        #expect(tested.chip.faultFirings.map(\.count) == [0])
    }

    @Test func aStuckBitStaysZero() throws {
        var tested = try chip([("stuck-bit", ["address": 0x1002, "bit": 7, "level": 0])])
        _ = tested.ask(StubRequest(.erase, address: 0x1000, length: 0x1000).bytes)
        #expect(tested.chip.flash.bytes(0x1001..<0x1004) == [0xFF, 0x7F, 0xFF])
        #expect(fired(&tested) == ["stuck-bit"])
    }

    @Test func aProtectedRangeKeepsWhatItHas() throws {
        var tested = try chip([("write-protection", ["start": 0x1002, "bytes": 2])])
        #expect(
            program(&tested, [0, 0, 0, 0, 0, 0, 0, 0], at: 0x1000) == [0x5A, 2, 0, 0, 0, 0x5C, 0x5A, 2, 0, 0, 0, 0x5C])
        #expect(tested.chip.flash.bytes(0x1000..<0x1009) == [0, 0, 0x11, 0x11, 0, 0, 0, 0, 0xFF])
        #expect(fired(&tested) == ["write-protection", "write-protection"])
    }

    @Test func aProtectedFlashLosesNothing() throws {
        var tested = try chip([("write-protection", [:])])
        #expect(tested.ask([0xA5, 5, 0, 0, 0xAA]) == [0x5A, 5, 0, 0, 0, 0x5F])
        _ = program(&tested, [0, 0, 0, 0], at: 0x1000)
        let isUntouched = tested.chip.flash.contents == Self.image
        #expect(isUntouched)
    }

    /// §5, §10: the id's bytes on the wire; §4, first table: a size code that the stub does not know makes 0 bytes.
    @Test func anotherID() throws {
        var tested = try chip([("wrong-flash-id", ["id": 0x1440C8])])
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]) == [0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x14, 0, 0, 0x0A])
        // 1 MB is what it believes (§4.2: out of range is status 02).
        #expect(
            tested.ask(StubRequest(.erase, address: 0x100000, length: 0x1000).bytes) == [0x5A, 4, 0, 0, 2, 0x60])
        #expect(tested.chip.flash.byteCount == 2 << 20)
        #expect(tested.chip.faultFirings.map(\.count) == [2])
        var none = try chip([("wrong-flash-id", ["id": 0xFFFFFF])])
        #expect(String(decoding: none.heard(), as: UTF8.self) == "no flash!flash!")
        let isUntouched = none.chip.flash.contents == Self.image
        #expect(isUntouched)
    }

    /// §5: 45 ms a sector, ours; ten times that.
    @Test func aSlowErase() throws {
        func took(_ faults: [FlashFaults.Choice]) throws -> Duration? {
            var tested = try chip(faults, timing: .wire)
            let begun = tested.now
            tested.give(StubRequest(.erase, address: 0x1000, length: 0x3000).bytes)
            tested.run(for: .seconds(5))
            return tested.sent.last.map { begun.duration(to: $0.start) }
        }
        let usual = try took([])
        let slow = try took([("slow-erase", ["times": 10])])
        #expect(usual != nil && slow == usual.map { $0 + .milliseconds(9 * 3 * 45) })
    }

    /// What a power cut undoes has not happened: neither the erase nor the fault that it would have met.
    @Test func whatACutUndoesHasNotFired() throws {
        let cut = PowerSchedule([
            .init(.start, isOn: true), .init(.erase(2), after: .milliseconds(10), isOn: false),
        ])
        var tested = try chip(
            [("worn-sector", ["address": 0x4000, "times": 1]), ("slow-erase", ["times": 2])], timing: .wire, power: cut)
        tested.give(StubRequest(.erase, address: 0x1000, length: 0x8000).bytes)
        tested.run(for: .seconds(3))
        #expect(tested.chip.faultFirings.map(\.count) == [0, 2])
        #expect(fired(&tested) == ["slow-erase", "slow-erase"])
        #expect(tested.chip.flash.bytes(0x2000..<0x2001) == [0xFF])
        #expect(tested.chip.flash.bytes(0x3000..<0x3001) == [0x11])
    }

    /// Every fault can be made as it stands, takes no direction, and refuses what is out of range.
    @Test func summaries() throws {
        for summary in FlashFaults.summaries {
            #expect(!summary.takesDirection && !summary.takesAim)
            let faults = try FlashFaults([(summary.name, [:])])
            #expect(faults.firings.map(\.label) == [summary.name])
            for parameter in summary.parameters {
                #expect(parameter.range.contains(parameter.standard))
                for value in [parameter.range.lowerBound - 1, parameter.range.upperBound + 1, .min, .max] {
                    #expect(throws: FaultError.outOfRange(value, parameter, fault: summary.name)) {
                        try FlashFaults([(summary.name, [parameter.name: value])])
                    }
                }
            }
            #expect(throws: FaultError.unknownParameter("speed", of: summary)) {
                try FlashFaults([(summary.name, ["speed": 1])])
            }
        }
        #expect(throws: FaultError.unknownFault("open-wire")) { try FlashFaults([("open-wire", [:])]) }
    }

    /// The ends of what the parameters allow, beyond the flash's own end: no trap, and nothing happens.
    @Test func extremes() throws {
        let names = ["address", "start"]
        for summary in FlashFaults.summaries {
            for atTop in [false, true] {
                let values = summary.parameters.map {
                    ($0.name, atTop ? $0.range.upperBound : $0.range.lowerBound)
                }
                let beyond = values.contains { names.contains($0.0) && $0.1 > 2 << 20 }
                var tested = try chip([(summary.name, Dictionary(uniqueKeysWithValues: values))])
                _ = tested.ask([0xA5, 5, 0, 0, 0xAA])
                _ = program(&tested, [0, 0, 0, 0], at: 0x1FFFFC)
                if beyond { #expect(tested.chip.faultFirings.map(\.count) == [0], "\(summary.name)") }
            }
        }
    }
}
