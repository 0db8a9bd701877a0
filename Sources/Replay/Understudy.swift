package import Line

/// A chip that can take a player's place: what answers once a host has left the recorded path.
package protocol Understudy: Machine {
    /// Takes its power away and gives it back; what outlives that stays.
    mutating func restart(at moment: Instant)

    /// How what outlives the power differs from that of another; nil for not at all.
    func difference(from other: Self) -> EffectDifference?
}

/// Where two chips do not hold the same in the end.
package struct EffectDifference: Hashable, Sendable {
    /// Of the first byte that differs.
    package var address: Int
    /// Bytes that differ.
    package var byteCount: Int
    /// Up to 16 bytes from there on: as after the recorded session, and as after this one.
    package var expected: [UInt8]
    package var got: [UInt8]

    package init(address: Int, byteCount: Int, expected: [UInt8], got: [UInt8]) {
        self.address = address
        self.byteCount = byteCount
        self.expected = expected
        self.got = got
    }
}
