import ArgumentParser
import Flasher
import Foundation
import Wire
import Words

struct FlashEFuseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "efuse",
        abstract: "Show the chip's eFuse: MAC, crystal, what is locked. Nothing is written.",
        discussion: "Set --dialect to match the stub: the vendor's stubs are read with command 08, the community "
            + "stub with 99.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.efuse) }
}

/// The eFuse for a person: its bytes, and what is known of them.
struct EFuseText {
    private let map: EFuseMap

    init?(_ bytes: [UInt8]) {
        guard let map = EFuseMap(bytes) else { return nil }
        self.map = map
    }

    /// `02:50:1D:E2:1E:55`; nil when there is no valid one.
    var mac: String? {
        map.mac.map { hexBytes($0).replacingOccurrences(of: " ", with: ":") }
    }

    /// All bytes, without blanks.
    var digits: String { hexBytes(map.bytes).replacingOccurrences(of: " ", with: "") }

    var lines: [String] {
        let rows = stride(from: 0, to: map.bytes.count, by: 16).map { offset in
            String(format: "%02X  ", offset) + hexBytes(map.bytes[offset..<(offset + 16)])
        }
        return rows + [
            "MAC              \(mac ?? "none valid")",
            "crystal          \(map.crystalMegahertz) MHz",
            "secure boot      \(map.bootsSecurely ? "on" : "off")",
            "flash encryption \(map.encryptsFlash ? "on" : "off")",
            "straps           \(map.readsStraps ? "read by the truth table" : "not read: direct start")",
        ]
    }
}
