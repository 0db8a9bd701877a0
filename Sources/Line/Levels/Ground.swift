/// Whether the two ends have the same idea of zero volts.
package enum Ground: Hashable, Sendable {
    case joined
    /// No wire joins the grounds: the chip's supply floats (ECR6600 facts §11.3, the user with `recv length is: 1`).
    case floating(FloatingGround)
    /// Somebody joins them at that moment.
    case joinedAfter(Instant, FloatingGround)

    /// How the grounds float at `moment`; nil when they are joined.
    package func floats(at moment: Instant) -> FloatingGround? {
        switch self {
        case .joined: nil
        case .floating(let floating): floating
        case .joinedAfter(let joining, let floating): moment < joining ? floating : nil
        }
    }
}

/// How a chip's ground floats against its adapter's. The model and its numbers are assumptions: it makes happen what
/// users saw, for a reason that could be theirs, and proves nothing about their benches.
///
/// The supply's winding lets the mains pull the chip's ground up and down; the protection diodes of both inputs hold it
/// where neither idle line is more than a diode's drop outside its supply. A wire without a return is no more than a
/// capacitor: of an edge only a part gets across, and that runs off within a bit or so. Each wire's edges shake the
/// whole of the other end, so they reach the other wire too, weaker.
package struct FloatingGround: Hashable, Sendable {
    /// The mains, in thousandths of a hertz: 50 or 60 Hz; what a scenario gives lies in 0…1,000,000.
    package var mainsMillihertz: Int64 = 50_000
    /// What the mains would do to the ground if no diode held it, at the peak; up to 1,000,000 mV.
    package var openAmplitude: Millivolts = 20_000
    /// A protection diode's drop: so far the ground really goes.
    package var diodeDrop: Millivolts = 650
    /// What gets across of an edge on the input's own wire, in thousandths.
    package var ownCoupling = 500
    /// What gets across of an edge on the other wire, in thousandths.
    package var otherCoupling = 287
    /// How fast that runs off, in nanoseconds: a bit and a half at 115200.
    package var couplingTime: Int64 = 12_000
    /// Noise at the inputs, which nothing shields now.
    package var noise: Millivolts = 100

    package init() {}

    /// How far the chip's ground is above the adapter's. - Parameter phase: where in its cycle the mains is at the
    /// line's beginning, in parts of 2¹⁶.
    package func offset(at moment: Instant, phase: Int64) -> Millivolts {
        // In two steps, so that years do not overflow.
        let seconds = moment.nanoseconds / 1_000_000_000
        let rest = moment.nanoseconds % 1_000_000_000
        let turns = seconds % 1000 * mainsMillihertz % 1000 * 65_536 / 1000
        let part = rest / 1000 * mainsMillihertz / 1000 * 65_536 / 1_000_000
        let open = Int(Sine.of(phase: turns + part + phase)) * openAmplitude / Int(Sine.one)
        return min(max(open, -diodeDrop), diodeDrop)
    }
}
