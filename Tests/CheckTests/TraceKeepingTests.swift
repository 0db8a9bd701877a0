import Testing

@testable import Check

@Suite struct TraceKeepingTests {
    @Test func alwaysAndNever() {
        for outcome in CheckResult.Outcome.allCases {
            for attempt in 1...3 {
                #expect(TraceKeeping.always.fate(of: outcome, attempt: attempt) == .kept)
                #expect(TraceKeeping.never.fate(of: outcome, attempt: attempt) == .left)
            }
        }
    }

    /// A run that was inconclusive has left a trace; when it has passed at last, that is not its own.
    @Test func ofWhatWasNotRight() {
        for outcome in CheckResult.Outcome.allCases where outcome != .passed {
            #expect(TraceKeeping.failure.fate(of: outcome, attempt: 2) == .kept)
        }
        #expect(TraceKeeping.failure.fate(of: .passed, attempt: 1) == .left)
        #expect(TraceKeeping.failure.fate(of: .passed, attempt: 2) == .removed)
    }
}
