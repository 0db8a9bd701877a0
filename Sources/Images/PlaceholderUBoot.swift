/// A uboot of our own that runs nowhere but in the emulator: it holds no code, and names the version whose behaviour it
/// asks for. Real ones carry no version that is known (ECR6600 facts §2: "No version banner").
package enum PlaceholderUBoot {
    private static let marker = Array("SOLDERLESS PLACEHOLDER UBOOT ".utf8)

    /// A body for the version, at least 128 bytes.
    /// - Parameters:
    ///   - version: such as 1.3.11.
    ///   - filling: stands behind the name.
    package static func body(version: String, filling: [UInt8] = []) -> [UInt8] {
        let text =
            "\(version)\nuboot \(version), made by Solderless. Not a program: a real ECR6600 would crash on it.\n"
        return marker + Array(text.utf8) + filling
    }

    /// Which version a body asks for; nil when it is none of ours.
    package static func version(of body: [UInt8]) -> String? {
        guard body.starts(with: marker) else { return nil }
        let name = body.dropFirst(marker.count).prefix(24).prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: name, as: UTF8.self)
    }
}
