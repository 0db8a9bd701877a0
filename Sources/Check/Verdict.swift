/// What a check found wrong with a trial, or with a program that is not ours.
package struct Verdict: Hashable, Sendable, CustomStringConvertible {
    /// The raw values are names that programs may rely on. The worst comes first.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Safety: success was said of something that is not so.
        case lie
        /// Safety: a job that only looks has changed the flash, or one that was to back it up first has not.
        case touched
        /// Safety: the flash has changed where the job has nothing to do.
        case harmed
        /// Liveness: the host never came to an end.
        case hang
        /// A signal ended the host.
        case crashed
        /// It does not say how it ended.
        case unknown
        /// Liveness: the job failed where it should end well.
        case failed
        /// Liveness: it ended well, and later than the scenario allows; or it would have, perhaps.
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
    package var isUnsafe: Bool { self == .lie || self == .touched || self == .harmed }

    /// Whether any host must do without it; of the others a careful host is asked.
    package var isOfAnyHost: Bool { isUnsafe || self == .hang || self == .crashed || self == .unknown }

    /// Whether a host may come to it because the bench was late.
    var mayComeOfLateness: Bool { self == .hang || self == .failed || self == .late }

    /// As a table has it.
    package var word: String {
        switch self {
        case .lie: "lied"
        case .touched, .harmed: "harmed"
        case .hang: "hung"
        case .crashed: "crashed"
        case .unknown: "unknown"
        case .failed: "gave up"
        case .late: "slow"
        case .succeeded: "succeeded"
        case .misdiagnosed: "misdiagnosed"
        }
    }

    /// The less, the worse.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
