/// Which way bytes go: from the flasher to the chip or back.
package enum Direction: UInt8, Hashable, Sendable, CaseIterable {
    case hostToChip
    case chipToHost

    /// The other way.
    package var opposite: Direction { self == .hostToChip ? .chipToHost : .hostToChip }

    /// As files spell it.
    package var name: String { self == .hostToChip ? "host-to-chip" : "chip-to-host" }
}
