/// What somebody does at the bench while the line runs.
extension SerialLink {
    /// From now on something else lies between the ends: a wire is plugged or pulled, the adapter's level is switched, a
    /// fault begins or ends. What was due by now has been carried.
    ///
    /// What an adapter holds back stays with it. A fault that was there before, by its label, goes on as it was; a new one
    /// has chance of its own, though it were called the same as an earlier one, whose count of incidents it goes on with. What a fault holds back still comes, past those that remain.
    package mutating func rewire(_ conditions: LineConditions, at now: Instant) {
        var generator = SplitMix64(seed: conditions.seed)
        var next = Wiring(conditions, seeds: &generator)
        if let packets = wiring?.packets { next.packets = packets }
        wiring = conditions.hasLevels || wiring?.packets != nil ? next : nil
        rewirings += 1
        var ofFaults = SplitMix64(seed: conditions.seed &+ rewirings)
        faults.replace(by: conditions.faults, seeds: &ofFaults)
    }
}
