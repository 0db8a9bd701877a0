/// Which traces of a check's runs stay.
package enum TraceKeeping: String, Hashable, Sendable, CaseIterable {
    case always, failure, never

    /// What becomes of a run's trace.
    package enum Fate: Hashable, Sendable {
        case kept
        /// It is not kept, and neither is one that an attempt before has left: that is not of the run that is reported.
        case removed
        case left
    }

    package func fate(of outcome: CheckResult.Outcome, attempt: Int) -> Fate {
        switch self {
        case .always: .kept
        case .failure where outcome != .passed: .kept
        // Only an attempt that was inconclusive has another after it.
        case .failure: attempt > 1 ? .removed : .left
        case .never: .left
        }
    }
}
