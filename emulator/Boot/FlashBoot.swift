import Images
import Wire

/// ROM `flash_boot`: a valid uboot in the flash is started, otherwise the mask ROM falls into UART boot
/// (ECR6600 facts §1.2).
enum FlashBoot {
    /// Jumps to what a boot from the flash runs next. That the ROM checks magic and both CRCs of uboot is our reading of
    /// "empty or invalid".
    static func run(_ processor: inout Processor) {
        do throws(BootObstacle) {
            _ = try BootCheck(processor.flashView).uboot()
            processor.jump(to: uboot(in: processor))
        } catch {
            processor.report(.note("the mask ROM finds no uboot to run: \(error)"))
            processor.jump(to: MaskROM.lastResort(processor.settings))
        }
    }

    /// Whether a boot from the flash finds a uboot.
    static func hasUBoot(_ processor: Processor) -> Bool {
        (try? BootCheck(processor.flashView).uboot()) != nil
    }

    /// The uboot that runs: the one that the settings name, or else the one that the flash asks for.
    static func uboot(in processor: Processor) -> UBoot {
        if let named = processor.settings.uboot { return UBoot(named) }
        let body = ubootBody(in: processor.flashView)
        if let asked = PlaceholderUBoot.version(of: body).flatMap(UBootVersion.init) { return UBoot(asked) }
        guard let text = UBootTexts(in: body), let version = UBootVersion(rawValue: text.version) else {
            return UBoot(.v140, because: .unrecognised)
        }
        return UBoot(version, because: .text(text.text))
    }

    /// What stands behind uboot's header, as far as the RAM holds it that it is copied to (§1.2); nothing without a header.
    private static func ubootBody(in flash: FlashView) -> [UInt8] {
        let start = PartitionTable.ubootAddress
        let bodyStart = start + UBootHeader.byteCount
        guard let header = try? UBootHeader(parsing: flash.bytes(start..<bodyStart).span) else { return [] }
        return flash.bytes(bodyStart..<(bodyStart + min(Int(header.bodyByteCount), mostUBootBytes)))
    }

    /// From 0x80000 to the end of the RAM.
    private static let mostUBootBytes = MemoryMap.ramEnd - 0x80000
}

extension Processor {
    /// The flash as ROM and uboot read it: decrypted where the stand-in encrypts, and all ones where no flash answers.
    var flashView: FlashView {
        let flash = flash
        guard flash.id != .none else {
            return FlashView(byteCount: flash.byteCount) { [UInt8](repeating: 0xFF, count: $0.count) }
        }
        guard let standIn = encryptionStandIn else {
            return FlashView(byteCount: flash.byteCount) { flash.bytes($0) }
        }
        return FlashView(byteCount: flash.byteCount) { range in
            standIn.applied(to: flash.bytes(range).span, at: range.lowerBound)
        }
    }
}
