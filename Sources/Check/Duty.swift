package import Flasher
package import Scenarios

/// What a job is for, and so what must hold of it and what is expected.
package struct Duty: Hashable, Sendable {
    /// Whether the job may change the flash at all.
    package var changesFlash: Bool
    /// Whether it must hand over what the flash held.
    package var promisesReading: Bool
    /// Whether it compares with something that the flash does not hold: its success would be a lie.
    package var comparesWithOther: Bool
    /// How it should end.
    package var ending: Scenario.Expectation.Ending
    /// The longest it may take; nil for any time.
    package var limit: Duration?
    /// What its diagnosis must name if it fails; nil for anything.
    package var cause: Cause?

    package init(
        changesFlash: Bool, promisesReading: Bool, comparesWithOther: Bool = false,
        ending: Scenario.Expectation.Ending, limit: Duration? = nil, cause: Cause? = nil
    ) {
        self.changesFlash = changesFlash
        self.promisesReading = promisesReading
        self.comparesWithOther = comparesWithOther
        self.ending = ending
        self.limit = limit
        self.cause = cause
    }
}

extension Duty {
    /// What is asked of a program that is not ours.
    ///
    /// Where a scenario ends well, any job does; where it does not, one that ends well and is right has done better than
    /// was to be expected. The cause is for people to read: no program says it in our words.
    package init(ofOthers task: Scenario.Task, in scenario: Scenario, comparesWithOther: Bool, limit: Duration) {
        self.init(
            changesFlash: task == .write || task == .erase, promisesReading: task == .backup,
            comparesWithOther: comparesWithOther,
            ending: scenario.expectation.ending == .success && !comparesWithOther ? .success : .either, limit: limit)
    }
}
