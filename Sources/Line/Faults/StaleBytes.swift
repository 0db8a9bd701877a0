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

    package var deadline: Instant? { count == 0 ? nil : .zero }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        defer { count = 0 }
        return FaultInjection(
            direction: .chipToHost, characters: generator.bytes(count), rate: nil)
    }
}
