import Wire
import Words

/// The MAC that a flash holds, looked up without looking at the rest of it.
package struct FlashMAC: Hashable, Sendable {
    /// As `nv_amt` has it; nil when there is none.
    package var text: String?
    /// What is to be said of it.
    package var warning: FlashWarning?

    /// - Parameter flash: a whole flash.
    package init(of flash: [UInt8]) {
        let table = try? PartitionTable(parsing: flash.span)
        let place = table?[FlashInspection.macPartition]?.range.clamped(to: 0..<flash.count)
        let keys = place.map { NVPartition(parsing: flash.span.extracting($0)) }
        text = keys.flatMap { Self.text(in: $0) }
        warning = Self.warning(keys)
    }

    private static let key = "mac"

    /// The MAC of a partition of keys.
    static func text(in keys: NVPartition) -> String? { keys[key].map { String(decoding: $0, as: UTF8.self) } }

    /// What a person should know. - Parameter keys: those of `nv_amt`; nil when there is no such partition.
    static func warning(_ keys: NVPartition?) -> FlashWarning? {
        guard let keys else { return .noMACPartition }
        guard !keys.isErased else { return .macPartitionErased }
        guard let mac = text(in: keys) else { return .noMAC }
        if mac == FlashWarning.genericMACText { return .genericMAC }
        return isUsable(mac) ? nil : .badMAC(mac)
    }

    /// `xx:xx:xx:xx:xx:xx` with an even first byte (§4.2, command 0C; §7).
    private static func isUsable(_ text: String) -> Bool {
        let bytes = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
            part.count == 2 && part.allSatisfy(\.isHexDigit) ? UInt8(part, radix: 16) : nil
        }
        guard bytes.count == 6, let first = bytes[0], !bytes.contains(nil) else { return false }
        return first % 2 == 0 && !bytes.allSatisfy { $0 == 0 }
    }

    /// What becomes of it when the flash's contents change; nil where nothing happens that a person should know.
    package static func change(from before: FlashMAC, to after: FlashMAC) -> String? {
        guard before != after else { return nil }
        let old = before.text.map { "the MAC so far is \(printable($0))" }
        if let warning = after.warning { return (["\(warning)"] + (old.map { [$0] } ?? [])).joined(separator: "; ") }
        guard let new = after.text, let previous = before.text else { return nil }
        return "the MAC changes from \(printable(previous)) to \(printable(new)): plugs that share one disturb each "
            + "other"
    }
}
