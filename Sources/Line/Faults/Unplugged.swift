/// The adapter is pulled out of its socket: from then on nothing gets across.
package struct Unplugged: WireFault {
    package static let summary = FaultSummary(
        "unplugged", "Somebody pulls the adapter out.",
        parameters: [
            FaultParameter(
                "after", in: .milliseconds, 0...3_600_000, standard: 5000, about: "from the line's beginning")
        ])

    let moment: Instant

    package init(_ settings: FaultSettings) {
        moment = Instant.zero.advanced(by: .milliseconds(settings["after"]))
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        let across = timing.arrived(by: moment, of: run.count)
        guard across < run.count else { return nil }
        defer { run.removeLast(run.count - across) }
        return .lost(run.count - across)
    }
}
