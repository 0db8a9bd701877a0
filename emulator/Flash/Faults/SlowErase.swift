package import Line

/// An old or cold flash that erases slowly: hosts give up, and a chip erase passes the 10 s after which they do (ECR6600
/// facts §11.2, §13.5). A time of zero stays zero.
package struct SlowErase: FlashFault {
    package static let summary = FaultSummary(
        "slow-erase", "Every erase takes so many times longer.",
        parameters: [
            FaultParameter("times", in: .times, 2...1000, standard: 20, about: "of a sector's, block's or chip's time")
        ])

    private let times: Int

    package init(_ settings: FaultSettings) {
        times = settings["times"]
    }

    package func slowness() -> Int { times }
}
