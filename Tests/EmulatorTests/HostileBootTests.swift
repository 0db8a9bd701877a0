import Emulator
import Images
import Line
import Testing
import Wire

/// Any flash, any eFuse, any settings, bytes, resets and power cuts at any time: no crash, no hang, bounded memory.
@Suite struct HostileBootTests {
    @Test(arguments: UInt64(1)...60)
    func survivesAnyBoot(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var tested = ChipUnderTest.booting(
            Self.flash(&generator), efuse: BootFlash.efuse(control: UInt32(truncatingIfNeeded: generator.next()))
        ) { Self.choose(&$0, &generator) }
        for _ in 0..<120 {
            switch generator.next(below: 12) {
            case 0: tested.chip.switchPower(on: generator.next(below: 3) > 0, at: tested.now)
            case 1: tested.chip.holdReset(generator.next(below: 2) == 0, at: tested.now)
            case 2...4: tested.give(BootProtocol.syncWord)
            case 5: tested.give(Array("amt_000000".utf8) + [UInt8(0x28 + generator.next(below: 20))])
            case 6: tested.give(DownloadHeader(length: UInt32(generator.next(below: 3000))).bytes)
            default: tested.give(generator.bytes(Int(generator.next(below: 50))))
            }
            tested.run(for: .microseconds(Int64(generator.next(below: 700_000))))
            tested.forget()
        }
        #expect(tested.chip.takeEvents().count < 5000, "seed \(seed)")
        // It is still a chip: switched off and on it starts, whatever came before.
        tested.chip.holdReset(false, at: tested.now)
        tested.chip.switchPower(on: false, at: tested.now)
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .milliseconds(200))
        #expect(tested.chip.loaderName != nil, "seed \(seed)")
    }

    /// Two runs of one seed are one run.
    @Test func aSeedDecidesEverything() {
        let hear = {
            var generator = SplitMix64(seed: 7)
            var tested = ChipUnderTest.booting(Self.flash(&generator)) { Self.choose(&$0, &generator) }
            for _ in 0..<50 { tested.give(generator.bytes(20)); tested.run(for: .milliseconds(90)) }
            return tested.terminal
        }
        #expect(hear() == hear())
    }

    /// A good flash, a spoilt one, or one whose first 32 KB have wrong bytes anywhere: lying sizes among them.
    private static func flash(_ generator: inout SplitMix64) -> NORFlash {
        let damage = FlashImageBuilder.Damage(rawValue: Int(generator.next(below: 32)))
        let isOld = generator.next(below: 3) == 0
        var image = BootFlash.image {
            $0.application?.magic = isOld ? .old : .new
            $0.damage = generator.next(below: 2) == 0 ? damage : []
            $0.hasPartitionTable = generator.next(below: 6) > 0
        }
        if generator.next(below: 3) == 0 {
            for _ in 0..<20 { image[Int(generator.next(below: 0x8000))] = UInt8(truncatingIfNeeded: generator.next()) }
        }
        return BootFlash.holding(image, id: generator.next(below: 10) == 0 ? .none : BootFlash.id)
    }

    private static func choose(_ settings: inout ChipSettings, _ generator: inout SplitMix64) {
        let places = ChipSettings.Start.allCases
        settings.start = places[Int(generator.next(below: UInt64(places.count)))]
        settings.bootSelection = generator.next(below: 2) == 0 ? .straps : .eFuse
        settings.uboot = [nil, .v134, .v1311, .v140][Int(generator.next(below: 4))]
        settings.romTimeout = generator.next(below: 2) == 0 ? nil : .milliseconds(Int64(generator.next(below: 900)))
        settings.romWindow = .milliseconds(Int64(generator.next(below: 2) * generator.next(below: 300)))
        settings.signature = generator.next(below: 2) == 0 ? .good : .bad
        settings.ubootError = Self.oneOrNone(&generator)
        settings.update = Self.oneOrNone(&generator)
        settings.provisioning = Self.oneOrNone(&generator)
        settings.encryption = generator.next(below: 4) == 0 ? .standIn : .none
        settings.applicationLog = [nil, ApplicationLog.named("tuya")][Int(generator.next(below: 2))]
        settings.timing = [ChipTiming.wire, .brisk, .fast][Int(generator.next(below: 3))]
    }

    /// Mostly the first case, which is none in each of the settings, because the others hide what comes after them.
    private static func oneOrNone<Choice: CaseIterable>(_ generator: inout SplitMix64) -> Choice
    where Choice.AllCases == [Choice] {
        let choices = Choice.allCases
        return choices[generator.next(below: 4) > 0 ? 0 : Int(generator.next(below: UInt64(choices.count)))]
    }
}
