/// What a flasher has seen of a job that did not end well, as far as it says something about the cause.
///
/// A host sees less than a bench: no levels, and on a pseudo-terminal no framing errors either.
package struct Observations: Hashable, Sendable {
    /// How far the job had come.
    package enum Stage: String, Hashable, Sendable, CaseIterable {
        /// No loader has accepted a header yet.
        case connecting
        /// A loader has, or a stub was there; what runs now has still to say what it is.
        case starting
        case changingBaud = "changing baud"
        case reading
        case writing
        case erasing
        case checking
        /// Commands that move no flash contents.
        case asking
    }

    /// Where the trouble is, as the step that failed knows it.
    package enum Trouble: String, Hashable, Sendable, CaseIterable {
        /// Something on the way between host and chip, or the chip's silence.
        case line
        /// The flash itself: its id, its contents.
        case flash
        /// The host's port is gone.
        case port
    }

    /// What a step met that it could name. They are counted anew in each step.
    package enum Sign: String, Hashable, Sendable, CaseIterable {
        /// The chip sent a block again that had been acknowledged.
        case repeatedBlock = "repeated block"
        /// The chip gave up a read: CAN (ECR6600 facts §10).
        case cancelled
        /// The chip refused a block or frame for its sum: NAK, or status 05 (§4.3, §10).
        case refusedBlock = "refused block"
        /// The chip was there, but had not got a block or frame whole.
        case lostBlock = "lost block"
        /// A block or frame of the chip came with a wrong sum, or in part.
        case damagedAnswer = "damaged answer"
        /// The chip answered a command, and not with success.
        case refusedCommand = "refused command"
        /// Status 01: it could not erase or program (§4, §4.3).
        case flashError = "flash error"
        /// Data came whose sums were right, and were not what the chip has.
        case unseenDamage = "unseen damage"
        /// BAUD was answered at the new rate, and nothing was done at it.
        case unprovenRate = "unproven rate"
        /// A stub was there, and after the failure none was: not at this rate, not at boot baud.
        case gone
    }

    package var stage: Stage
    package var trouble: Trouble
    /// What was heard since the last thing that the host understood.
    package var heard: ByteTally
    package var signs: [Sign: Int]
    /// The first address of flash that a write did not get acknowledged; nil for other jobs.
    package var stoppedAt: Int?

    package init(
        stage: Stage, trouble: Trouble = .line, heard: ByteTally = ByteTally(), signs: [Sign: Int] = [:],
        stoppedAt: Int? = nil
    ) {
        self.stage = stage
        self.trouble = trouble
        self.heard = heard
        self.signs = signs
        self.stoppedAt = stoppedAt
    }

    /// How often a sign was seen.
    package func count(of sign: Sign) -> Int { signs[sign] ?? 0 }
}

extension Observations.Stage {
    /// - Parameter hasLoader: whether a loader has accepted a header.
    init(_ phase: Phase, hasLoader: Bool) {
        self =
            switch phase {
            case .stubCheck, .downloadCheck, .synchronise: .connecting
            case .uploadStub: hasLoader ? .starting : .connecting
            case .identify: .starting
            case .changeBaud, .restoreBaud: .changingBaud
            case .backup, .saveBackup, .read, .readAround: .reading
            case .write: .writing
            case .erase: .erasing
            case .verify: .checking
            case .plan, .efuse, .run: .asking
            }
    }
}
