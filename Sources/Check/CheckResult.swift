import Scenarios

/// What came of one run of a program.
package struct CheckResult: Hashable, Sendable {
    /// The raw values are names that programs may rely on.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case passed
        /// Something that is asked of a careful host only.
        case missed
        /// Something that no host may do.
        case failed
        /// It did not end well, and the bench itself was too late to say whose fault it was.
        case inconclusive
        /// The fault that a scenario was made up for never did anything: nothing was tested.
        case untested
    }

    /// How often a fault did something.
    package struct Firing: Hashable, Sendable {
        package var fault: String
        package var count: Int

        package init(fault: String, count: Int) {
            self.fault = fault
            self.count = count
        }
    }

    package var run: CheckCase
    /// The program's words, all placeholders but `{port}` filled.
    package var command: [String]
    package var claim: Claims.Ending
    /// How it ended, in words.
    package var ending: String
    /// On the line's clock.
    package var duration: Duration
    /// The worst first.
    package var verdicts: [Verdict]
    /// What is worth knowing and not wrong.
    package var remarks: [String] = []
    package var firings: [Firing] = []
    /// The most by which anything on the bench was late.
    package var lateness = Duration.zero
    /// From 1.
    package var attempt = 1
    /// What the program printed, as far as it is kept.
    package var output = ""
    /// The last message of each side, in words.
    package var lastExchange = ""
    /// The trace; nil where none is kept.
    package var trace: String?
    /// What repeats it.
    package var repeating = ""
    /// What came of the cut, where there was to be one.
    package var cut: CutOutcome?

    package init(
        _ run: CheckCase, command: [String], claim: Claims.Ending, ending: String, duration: Duration,
        verdicts: [Verdict]
    ) {
        self.run = run
        self.command = command
        self.claim = claim
        self.ending = ending
        self.duration = duration
        self.verdicts = verdicts.sorted { $0.kind.rank < $1.kind.rank }
    }

    /// A turn of the bench that took longer may have cost a host its time-out.
    package static let mostLate = Duration.milliseconds(5)

    /// Whether somebody must look again before anything is said. What is unsafe no lateness excuses, nor a crash.
    package var isInconclusive: Bool {
        if isUnreached { return true }
        guard lateness > Self.mostLate else { return false }
        // It failed where it may, and not of what the scenario is about.
        if verdicts.isEmpty { return claim == .failure && !firings.isEmpty && firings.allSatisfy { $0.count == 0 } }
        return verdicts.allSatisfy { $0.kind.mayComeOfLateness }
    }

    /// Whether the place never came at which it was to be cut, so that nothing was shown.
    private var isUnreached: Bool {
        cut?.isReached == false && !verdicts.contains { $0.kind.isOfAnyHost && !$0.kind.mayComeOfLateness }
    }

    package var outcome: Outcome {
        if isInconclusive { return .inconclusive }
        guard let worst = verdicts.first else { return isUntested ? .untested : .passed }
        // Any host may fail that was cut, and fail again.
        let demandsAll = run.scenario.expectation.demand == .any && run.cut == nil
        return worst.kind.isOfAnyHost || demandsAll ? .failed : .missed
    }

    private var isUntested: Bool { run.isMadeUp && firings.allSatisfy { $0.count == 0 } }

    /// Of a run without a verdict.
    static func word(ofPassed claim: Claims.Ending) -> String {
        claim == .success ? "good" : claim == .failure ? "failed, as it may" : claim.rawValue
    }

    /// As a table has it: the worst verdict, or how it ended.
    package var word: String {
        if isInconclusive { return isUnreached ? "not reached" : "inconclusive" }
        guard let worst = verdicts.first else {
            if isUntested { return "not tested" }
            return Self.word(ofPassed: claim)
        }
        return worst.kind.word
    }
}
