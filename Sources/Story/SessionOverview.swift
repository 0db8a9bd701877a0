/// What a session comes to: its phases, and figures about all of it.
package struct SessionOverview: Sendable {
    package private(set) var phases = Timeline()
    package private(set) var statistics = Statistics()
    /// The first moment that was told, in nanoseconds on the trace's clock, from which its times are counted.
    package private(set) var origin: Int64?

    package init() {}

    /// - Parameter tellsPhases: whether it still counts for the phases.
    package mutating func take(_ told: SessionFollower.Told, tellsPhases: Bool = true) {
        if origin == nil { origin = told.stamp }
        guard case .event(let event, _) = told else { return }
        if tellsPhases { phases.add(event) }
        statistics.add(event)
    }
}
