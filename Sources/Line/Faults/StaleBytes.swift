/// What an earlier session left in the adapter or the port's buffer: the host reads it as soon as it opens the port.
package struct StaleBytes: WireFault {
    package static let summary = FaultSummary(
        "stale-bytes", "The port still holds bytes of an earlier session when it is opened.",
        parameters: [
            FaultParameter("count", in: .characters, 1...4096, standard: 16, about: "how many, with random values")
        ])

    private var count: Int

    package init(_ settings: FaultSettings) {
        count = settings["count"]
    }

    package func nextInjection(in direction: Direction) -> Instant? {
        direction == .chipToHost && count > 0 ? .zero : nil
    }

    package mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection? {
        defer { count = 0 }
        return FaultInjection(generator.bytes(count), rate: nil)
    }
}
