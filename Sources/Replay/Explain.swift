import Words

extension Divergence {
    /// What happened, where, and the bytes of both sides one above the other; several lines.
    package var explanation: String { explanation(inside: nil) }

    /// The same with what the expected byte belongs to: "block 17 of a write to 0x4000".
    /// - Parameter context: said by whoever can decode the host's stream up to `hostOffset`; nil when nobody can.
    package func explanation(inside context: String?) -> String {
        var lines = [headline]
        if let context { lines.append("  inside:   \(context)") }
        if !before.isEmpty { lines.append("  before:   \(hexBytes(before))") }
        if !expected.isEmpty { lines.append("  expected: \(hexBytes(expected))") }
        if !got.isEmpty { lines.append("  got:      \(hexBytes(got))") }
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        let place = "at byte \(hostOffset) (\(hex(hostOffset))) of the host's stream"
        let recorded = recordedTime.map { ", recorded at \($0) as event \(eventIndex ?? 0)" } ?? ""
        switch kind {
        case .mismatch: return "the host sent another byte \(place)\(recorded)"
        case .silence: return "the host fell silent \(place)\(recorded)"
        case .extra: return "the host went on after the trace's end, \(place)"
        }
    }
}
