/// What a check found wrong with a trial.
package struct Verdict: Hashable, Sendable, CustomStringConvertible {
    /// The raw values are names that programs may rely on.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Safety: success was said of something that is not so.
        case lie
        /// Safety: a job that only looks has changed the flash, or one that was to back it up first has not.
        case touched
        /// Liveness: the host never came to an end.
        case hang
        /// Liveness: the job failed where it should end well.
        case failed
        /// Liveness: it ended well, and later than the scenario allows.
        case late
        /// It ended well where it should fail.
        case succeeded
        /// The cause that the scenario names is not in the diagnosis.
        case misdiagnosed
    }

    package var kind: Kind
    /// In words, for a person: what was expected, what came.
    package var reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package var description: String { "\(kind.rawValue): \(reason)" }
}

extension Verdict.Kind {
    /// Whether it must never happen, whatever the scenario expects.
    package var isUnsafe: Bool { self == .lie || self == .touched }
}
