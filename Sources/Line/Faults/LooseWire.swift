/// A wire that makes contact most of the time: errors come in bursts, as Gilbert and Elliott described them (1960, 1963).
/// The line is in a good or a bad state and may change it with each character; only in the bad state is a character lost,
/// when the wire is off all the time, or changed, when it touches meanwhile.
package struct LooseWire: WireFault {
    package static let summary = FaultSummary(
        "loose-wire", "A wire has a bad contact: errors come in bursts.", takesDirection: true,
        parameters: [
            FaultParameter(
                "onset", in: .partsPerMillion, 0...1_000_000, standard: 200,
                about: "probability that a burst begins at a character"),
            FaultParameter(
                "recovery", in: .partsPerMillion, 1...1_000_000, standard: 100_000,
                about: "probability that a burst ends at a character"),
            FaultParameter(
                "loss", in: .thousandths, 0...1000, standard: 300,
                about: "probability that a character in a burst is lost"),
            FaultParameter(
                "change", in: .thousandths, 0...1000, standard: 300,
                about: "probability that a character in a burst, if not lost, is changed"),
        ])

    private let settings: FaultSettings
    private let onset: UInt64
    private let recovery: UInt64
    private let loss: UInt64
    private let change: UInt64
    private var isBad = Pair(false)

    package init(_ settings: FaultSettings) {
        self.settings = settings
        onset = UInt64(settings["onset"])
        recovery = UInt64(settings["recovery"])
        loss = UInt64(settings["loss"])
        change = UInt64(settings["change"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        guard settings.isIn(direction) else { return }
        var isBad = isBad[direction]
        defer { self.isBad[direction] = isBad }
        for index in run.indices {
            if generator.next(below: 1_000_000) < (isBad ? recovery : onset) { isBad.toggle() }
            guard isBad else { continue }
            if generator.next(below: 1000) < loss {
                verdict.lose(index..<(index + 1))
            } else if generator.next(below: 1000) < change {
                verdict.change(index, xor: UInt8(1 + generator.next(below: 255)))
            }
        }
    }
}
