/// Which way a run crosses the line.
package enum LineDirection: String, Hashable, Sendable, CaseIterable {
    case hostToChip = "host-to-chip"
    case chipToHost = "chip-to-host"
}
