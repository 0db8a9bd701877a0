/// A fault in its place on a line: what decides it, and how often it fired.
struct FaultInPlace: Sendable {
    private(set) var fault: any LineFault
    private var generator: SplitMix64
    private(set) var firings = 0

    init(_ fault: any LineFault, seed: UInt64) {
        self.fault = fault
        generator = SplitMix64(seed: seed)
    }

    var name: String { type(of: fault).summary.name }

    mutating func pass(_ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection) -> FaultEffect? {
        let effect = fault.pass(&run, &timing, in: direction, &generator)
        if effect != nil { firings += 1 }
        return effect
    }

    mutating func inject(at now: Instant) -> FaultInjection? {
        let injection = fault.inject(at: now, &generator)
        if injection?.isNew == true { firings += 1 }
        return injection
    }

    /// Counts what it did while no character met it.
    mutating func fire() { firings += 1 }
}
