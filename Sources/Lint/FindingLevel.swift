/// How much a finding matters.
package enum FindingLevel: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// Worth knowing; nothing went wrong by it.
    case info
    /// It goes wrong on some benches, or with other data.
    case warning
    /// What the host wanted did not happen, or something else did.
    case error

    /// As reports and docs/rules.md spell it.
    package var name: String {
        switch self {
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    package static func < (left: FindingLevel, right: FindingLevel) -> Bool { left.rawValue < right.rawValue }
}
