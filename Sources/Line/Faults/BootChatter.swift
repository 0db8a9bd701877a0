/// Unexpected text on the wire: what a chip, or another one on the board, prints when the power comes.
package struct BootChatter: WireFault {
    package static let summary = FaultSummary(
        "boot-chatter", "Something prints text at 115200 while the host waits for answers.",
        parameters: [
            FaultParameter(
                "first", in: .milliseconds, 0...3_600_000, standard: 200, about: "time of the first line"),
            FaultParameter("every", in: .milliseconds, 1...60_000, standard: 30, about: "from one line to the next"),
            FaultParameter("lines", in: .lines, 1...10_000, standard: 20, about: "how many lines"),
        ])

    private var next: Instant
    private let interval: Duration
    private var left: Int
    private var printed = 0

    package init(_ settings: FaultSettings) {
        next = Instant.zero.advanced(by: .milliseconds(settings["first"]))
        interval = .milliseconds(settings["every"])
        left = settings["lines"]
    }

    package func nextInjection(in direction: Direction) -> Instant? {
        direction == .chipToHost && left > 0 ? next : nil
    }

    package mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection? {
        left -= 1
        printed += 1
        next = next.advanced(by: interval)
        return FaultInjection(Array("[chatter] line \(printed)\r\n".utf8), rate: BitRate(baud: 115_200))
    }
}
