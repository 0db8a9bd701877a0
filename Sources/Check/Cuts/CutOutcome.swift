/// What came of a run that was to be cut, beside what is known of any run.
package struct CutOutcome: Hashable, Sendable {
    /// Whether each of its points has come. If not, nothing was shown.
    package var isReached: Bool
    /// How the program ended each time that it was cut, and what the flash held then.
    package var cut: [Ending]
    /// How the command ended that was given again; nil where it was not.
    package var again: Ending?
    /// The traces that were kept, in the order of the runs.
    package var traces: [String] = []

    package struct Ending: Hashable, Sendable {
        package var claim: Claims.Ending
        /// In words: `exit code 1`.
        package var words: String
        package var holding: CutHolding

        package init(_ claim: Claims.Ending, _ words: String, holding: CutHolding) {
            self.claim = claim
            self.words = words
            self.holding = holding
        }
    }

    package init(isReached: Bool, cut: [Ending], again: Ending?) {
        self.isReached = isReached
        self.cut = cut
        self.again = again
    }
}
