/// The adapter is pulled out of its socket: from then on nothing gets across.
package struct Unplugged: WireFault {
    package static let summary = FaultSummary(
        "unplugged", "The adapter is unplugged.",
        parameters: [
            FaultParameter(
                "after", in: .milliseconds, 0...3_600_000, standard: 5000, about: "time since the line's beginning")
        ])

    let moment: Instant

    package init(_ settings: FaultSettings) {
        moment = Instant.zero.advanced(by: .milliseconds(settings["after"]))
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        verdict.lose(timing.arrived(by: moment, of: run.count)..<run.count)
    }
}
