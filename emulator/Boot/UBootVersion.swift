/// The versions of uboot that were examined (ECR6600 facts §1.3).
package enum UBootVersion: String, Hashable, Sendable, CaseIterable {
    case v134 = "1.3.4"
    case v1311 = "1.3.11"
    case v140 = "1.4.0"
}

/// In what the versions differ: a column each of the tables in ECR6600 facts §1.3 and §2.
struct UBootDescription {
    /// 1.4.0 opens its window first thing; 1.3.x only after it has checked and copied the application.
    let listensBeforeLoading: Bool
    /// Printed once the window has shut, whatever the flash holds.
    let heapLine: String
    /// Printed with secure boot.
    let secureLine: String
    /// What becomes of an application that cannot be started.
    let onError: OnError
    /// Whether both sums are printed, once, before the first `dcrc err`.
    let printsHashes: Bool

    enum OnError {
        /// Says so and listens for 1000 ms, again and again.
        case printAndListen
        /// Says nothing and never listens again.
        case silence
    }

    /// The column of a version.
    static func column(for version: UBootVersion) -> UBootDescription {
        switch version {
        case .v134: v134
        case .v1311: v1311
        case .v140: v140
        }
    }

    private static let v134 = UBootDescription(
        listensBeforeLoading: false, heapLine: "", secureLine: "secure boot\n", onError: .printAndListen,
        printsHashes: false)

    private static let v1311 = UBootDescription(
        listensBeforeLoading: false, heapLine: "", secureLine: "secure boot\r\n", onError: .printAndListen,
        printsHashes: true)

    private static let v140 = UBootDescription(
        listensBeforeLoading: true, heapLine: "\nty heap base: 1f000 size: 196352\n", secureLine: "secure boot\n",
        onError: .silence, printsHashes: false)
}

/// Why uboot does not start an application, as its console tells it (§2).
enum UBootFailure: Hashable {
    /// No table, no application, or a header whose CRC is wrong.
    case header
    /// The application's body has another SHA-256 than its header says.
    case body(header: UInt32, computed: UInt32)
    /// Secure boot is on and the signature is bad.
    case signature

    /// What 1.3.x prints once a second; `puts` ends it with a line feed.
    var line: String {
        switch self {
        case .header: "hcrc err\n"
        case .body: "dcrc err\n"
        case .signature: "secure boot err\n"
        }
    }

    /// What 1.3.11 prints before it, once: `c_hash=0x%08x h_hash=0x%08x\r\n`. That c is the computed sum and h the
    /// header's is our reading.
    var hashLine: String? {
        guard case .body(let header, let computed) = self else { return nil }
        return "c_hash=0x\(Self.digits(computed)) h_hash=0x\(Self.digits(header))\r\n"
    }

    private static func digits(_ value: UInt32) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
