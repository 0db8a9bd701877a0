/// What the two ends of a telnet connection do, as far as they have agreed (RFC 855). Nothing is answered that changes
/// nothing, so two ends never answer each other for ever (RFC 1143).
package struct OptionNegotiation: Sendable {
    private var ours: Side
    private var theirs: Side

    /// - Parameters:
    ///   - ours: what this end would do.
    ///   - theirs: what the other end may do.
    package init(ours: Set<TelnetOption>, theirs: Set<TelnetOption>) {
        self.ours = Side(acceptable: ours)
        self.theirs = Side(acceptable: theirs)
    }

    /// Says what this end is going to propose: the other's consent is then no proposal of its own.
    /// - Parameter verb: `.will` or `.do`.
    package mutating func propose(_ verb: TelnetVerb, _ option: TelnetOption) {
        if verb == .will { ours.proposed.insert(option) } else { theirs.proposed.insert(option) }
    }

    /// The other end has said something. - Returns: what to answer; nil for nothing.
    package mutating func answer(_ verb: TelnetVerb, _ option: TelnetOption) -> TelnetVerb? {
        switch verb {
        case .will: theirs.answer(isWanted: true, option).map { $0 ? .do : .dont }
        case .wont: theirs.answer(isWanted: false, option).map { $0 ? .do : .dont }
        case .do: ours.answer(isWanted: true, option).map { $0 ? .will : .wont }
        case .dont: ours.answer(isWanted: false, option).map { $0 ? .will : .wont }
        }
    }

    /// Whether an end does this.
    package func isAgreed(_ verb: TelnetVerb, _ option: TelnetOption) -> Bool {
        verb == .will ? ours.agreed.contains(option) : theirs.agreed.contains(option)
    }

    /// One of the two ends.
    private struct Side: Sendable {
        let acceptable: Set<TelnetOption>
        var proposed: Set<TelnetOption> = []
        var agreed: Set<TelnetOption> = []

        init(acceptable: Set<TelnetOption>) {
            self.acceptable = acceptable
        }

        /// - Returns: whether to consent, if it is to be answered at all.
        mutating func answer(isWanted: Bool, _ option: TelnetOption) -> Bool? {
            let wasProposed = proposed.remove(option) != nil
            guard isWanted else { return agreed.remove(option) == nil ? nil : false }
            guard acceptable.contains(option) else { return false }
            let isNew = agreed.insert(option).inserted
            return isNew && !wasProposed ? true : nil
        }
    }
}
