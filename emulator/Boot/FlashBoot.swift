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
        guard let version = version(in: processor.flashView) else { return .unrecognised }
        return UBoot(version)
    }

    /// What a uboot of our own asks for. Vendors' carry no version that is known (§2: "No version banner").
    private static func version(in flash: FlashView) -> UBootVersion? {
        let start = PartitionTable.ubootAddress + UBootHeader.byteCount
        let body = flash.bytes(start..<(start + 128))
        return PlaceholderUBoot.version(of: body).flatMap(UBootVersion.init)
    }
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
