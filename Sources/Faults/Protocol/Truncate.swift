package import Line
package import Wire

/// The last bytes of a step never arrive. What comes of a frame before its length is there is let through.
package struct Truncate: ProtocolFault {
    package static let summary = FaultSummary(
        "truncate", "The end of a step of the protocol never arrives.", takesDirection: true, takesAim: true,
        parameters: [
            FaultParameter("count", in: .characters, 1...65_545, standard: 1, about: "how many of the last bytes")
        ])

    private var aim: AimFinder
    private let count: Int

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        count = settings["count"]
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        guard let hit = aim.find(in: steps, direction), hit.isLengthKnown else { return }
        let lost = min(hit.range.count, count - hit.missing)
        if lost > 0 { verdict.lose((hit.range.upperBound - lost)..<hit.range.upperBound) }
    }
}
