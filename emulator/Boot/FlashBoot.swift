import Wire

/// ROM `flash_boot`: a valid uboot in the flash is started, otherwise the mask ROM falls into UART boot
/// (ECR6600 facts §1.2).
enum FlashBoot {
    /// What runs next on a chip whose flash is as it is.
    static func loader(for flash: NORFlash, settings: ChipSettings) -> any Loader {
        hasValidUBoot(flash)
            ? UBoot(version: settings.uboot) : MaskROM(acknowledgesPieces: settings.romAcknowledgesPieces)
    }

    /// Whether magic, header CRC and body CRC are right (§2, "uboot header"). That the ROM checks all three is our
    /// reading of "empty or invalid".
    static func hasValidUBoot(_ flash: NORFlash) -> Bool {
        let view = FlashView(byteCount: flash.byteCount) { flash.bytes($0) }
        return (try? BootCheck(view).uboot()) != nil
    }
}
