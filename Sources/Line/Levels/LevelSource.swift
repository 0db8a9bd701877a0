/// What a receiver's input reads from a wire whose own level does not decide it.
package protocol LevelSource {
    /// Whether every sample from `start` to `end` reads as it is driven; the wire is then not looked at tick by tick.
    mutating func isClear(from start: Instant, to end: Instant) -> Bool

    /// Whether the input reads high at `moment`. It is asked at every tick of the receiver in turn, so a source can
    /// follow the wire's edges.
    mutating func isHigh(_ drivenHigh: Bool, at moment: Instant) -> Bool

    /// The receiver has taken the last one that it asked for as a bit.
    mutating func sampled(_ isHigh: Bool)
}

extension LevelSource {
    package mutating func sampled(_ isHigh: Bool) {}
}
