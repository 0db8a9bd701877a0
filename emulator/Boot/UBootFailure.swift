/// Why uboot does not start an application, as its console tells it (§2).
enum UBootFailure: Hashable {
    /// No table, no application, or a header whose CRC is wrong.
    case header
    /// The application's body has another SHA-256 than its header says.
    case body(header: UInt32, computed: UInt32)
    /// Secure boot is on and the signature is bad.
    case signature
    /// The check came back with 4; what for is not known.
    case partition
    /// The check came back with a code that has no text of its own.
    case other

    /// What 1.3.x prints once a second; `puts` ends it with a line feed.
    var line: String {
        switch self {
        case .header: "hcrc err\n"
        case .body: "dcrc err\n"
        case .signature: "secure boot err\n"
        case .partition: "partition err\n"
        case .other: "uboot err\n"
        }
    }

    /// Whether it comes to light before the application's body has been read and copied.
    var isFoundAtOnce: Bool {
        switch self {
        case .header, .partition, .other: true
        case .body, .signature: false
        }
    }

    /// What 1.3.11 prints before it, once: `c_hash=0x%08x h_hash=0x%08x\r\n`, the computed word and the header's.
    var hashLine: String? {
        guard case .body(let header, let computed) = self else { return nil }
        return "c_hash=0x\(Self.digits(computed)) h_hash=0x\(Self.digits(header))\r\n"
    }

    private static func digits(_ value: UInt32) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
