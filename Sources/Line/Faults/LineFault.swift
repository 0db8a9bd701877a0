/// Something that is wrong with a line: one duty, one file. It sits in one direction or both, after the faults before
/// it, and decides what becomes of each run; the line carries that out. `docs/line.md` shows how to add one.
///
/// What is wrong with the wires themselves is a `WireFault`; what is aimed at a step of the protocol is made elsewhere.
package protocol LineFault: Sendable {
    /// Its name, what it is on a bench, and its parameters.
    static var summary: FaultSummary { get }

    /// Decides what becomes of a run. However a direction's characters are cut into runs, the same becomes of each.
    /// - Parameters:
    ///   - run: what the faults before it have left, never empty.
    ///   - generator: this direction's own.
    ///   - verdict: empty; what it is left as is carried out. Acts come in the order of their places.
    mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    )

    /// Whether it is aimed at a step: then it is also asked, with an empty run, where nothing is left of one.
    var watchesSteps: Bool { get }

    /// The same for a fault that watches steps.
    /// - Parameter steps: what the run consists of, as it was sent.
    mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    )

    /// When it next puts characters on a direction's wire by itself; nil for never.
    func nextInjection(in direction: Direction) -> Instant?

    /// Puts characters on a wire at the moment that `nextInjection` named, which must then move on. Each injection is an
    /// incident; its characters begin at that moment, one behind the other, and pass the later faults.
    mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection?

    /// What it makes of the rate at which the chip's UART runs.
    func chipRate(_ rate: BitRate) -> BitRate
}

extension LineFault {
    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {}

    package var watchesSteps: Bool { false }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        judge(run, timing, in: direction, &generator, &verdict)
    }

    package func nextInjection(in direction: Direction) -> Instant? { nil }

    package mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection? { nil }

    package func chipRate(_ rate: BitRate) -> BitRate { rate }
}

/// A fault of the wires and of what hangs on them: it knows nothing of what the characters mean.
package protocol WireFault: LineFault {
    /// - Parameter settings: every parameter of the summary has a value within its range.
    init(_ settings: FaultSettings)
}

/// Characters that were not sent.
package struct FaultInjection: Hashable, Sendable {
    package var characters: [UInt8]
    /// How fast its bits are; nil for what waits in the port's buffer for the host to open it: it is on no wire, and no
    /// fault touches it.
    package var rate: BitRate?

    package init(_ characters: [UInt8], rate: BitRate?) {
        self.characters = characters
        self.rate = rate
    }
}
