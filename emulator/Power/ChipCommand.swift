/// What is done by hand at the bench, at a moment that no schedule has.
package enum ChipCommand: Hashable, Sendable {
    /// The supply is switched on or off.
    case power(on: Bool)
    /// The supply is off for so long, on the line's clock, then on.
    case cyclePower(off: Duration)
    /// A pulse on RESET_B.
    case reset
}
