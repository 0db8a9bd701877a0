import Emulator
import Images
import Line
import Wire

/// Flashes for boots: 1 MB, as `FlashImageBuilder` makes them.
enum BootFlash {
    /// GD25Q80E, 1 MB (ECR6600 facts §5).
    static let id = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)

    /// Everything in it is right.
    static let good = holding(image())

    static func image(
        uboot: UBootVersion = .v140, adjust: (inout FlashImageBuilder) -> Void = { _ in }
    ) -> [UInt8] {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.ubootBody = PlaceholderUBoot.body(version: uboot.rawValue, filling: [1, 2, 3])
        builder.application = FlashImageBuilder.Application(
            magic: .new, version: "test", xip: [UInt8](repeating: 0x5A, count: 5000), text: [1, 2], data: [3])
        adjust(&builder)
        // What does not fit is the test's own fault.
        return (try? builder.image()) ?? []
    }

    static func holding(_ image: [UInt8], id: FlashID = id) -> NORFlash {
        var flash = NORFlash(id: id)
        flash.load(image)
        return flash
    }

    /// An eFuse whose word 0x20 has these bits.
    static func efuse(control: UInt32) -> EFuse {
        EFuse([UInt8](repeating: 0, count: 0x20) + (0..<4).map { UInt8(truncatingIfNeeded: control >> (8 * $0)) })
    }
}

extension ChipUnderTest {
    /// A chip in wire time that boots from a flash.
    static func booting(
        _ flash: NORFlash = BootFlash.good, efuse: EFuse = .sample, power: PowerSchedule = .on,
        adjust: (inout ChipSettings) -> Void = { _ in }
    ) -> ChipUnderTest {
        var settings = ChipSettings()
        settings.start = .flash
        adjust(&settings)
        return ChipUnderTest(Chip(settings: settings, flash: flash, efuse: efuse, power: power))
    }

    /// What a terminal at 115200 shows, a row for each run of characters: when it began and what it was.
    var terminal: [String] {
        sent.map { run in
            let microseconds = run.start.nanoseconds / 1000
            let text = String(decoding: run.bytes, as: UTF8.self).debugDescription
            return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst()) ms \(text)"
        }
    }

    /// When and what, for single runs.
    var runs: [(start: Instant, text: String)] {
        sent.map { ($0.start, String(decoding: $0.bytes, as: UTF8.self)) }
    }
}
