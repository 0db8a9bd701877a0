package import Line

/// A session that is cut where it has come to a point.
extension Chip {
    /// Cuts the session where its point comes, or only counts points. Said before anything crosses the line.
    package mutating func plan(_ cut: PlannedCut) {
        processor.powerPlan.plan(cut)
        if case .power(let seed?) = cut.way { tearFlash(by: seed) }
    }

    /// When the session was cut; nil for not.
    package var cutAt: Instant? { processor.powerPlan.cutAt }

    /// Points that the session has come to, if the planned cut keeps them, in the order in which they were known.
    package var passedPoints: [PassedPoint] { processor.powerPlan.passed }

    /// The host's adapter is pulled out: what has not crossed the line by then never does. The chip keeps its power.
    package mutating func pullPlug(at moment: Instant) {
        unpluggedAt = moment
        processor.uart.loseLine(at: moment)
    }
}
