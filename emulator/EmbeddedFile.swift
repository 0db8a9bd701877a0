/// A file that the program carries inside itself, so that it works wherever it is moved to.
package struct EmbeddedFile: Sendable {
    /// Without folder and ending.
    package let name: String
    package let bytes: [UInt8]

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// `emulator/applications`, what an application says while it starts.
    package static let applications = [
        EmbeddedFile("openbeken", PackageResources.openbeken_txt),
        EmbeddedFile("tuya", PackageResources.tuya_txt),
    ]

    /// `emulator/boards`, what chips are soldered to.
    package static let boards = [
        EmbeddedFile("axy2s", PackageResources.axy2s_yaml),
        EmbeddedFile("evk", PackageResources.evk_yaml),
        EmbeddedFile("tnce-plug", PackageResources.tnce_plug_yaml),
        EmbeddedFile("wg236", PackageResources.wg236_yaml),
    ]

    /// `emulator/chips`, the chip and the flash parts beside it.
    package static let chips = [
        EmbeddedFile("ecr6600", PackageResources.ecr6600_yaml),
        EmbeddedFile("flash-parts", PackageResources.flash_parts_yaml),
    ]
}
