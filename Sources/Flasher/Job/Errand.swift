import Line

/// One entry of a job's queue.
enum Errand {
    case stubCheck
    /// Only where frames are spoken.
    case downloadCheck
    case synchronise
    case uploadStub
    case identify
    /// No exchange: makes errands of the job, now that the flash's size is known.
    case plan
    case changeBaud
    case transfer(Transfer)
    case verify(Transfer)
    /// No exchange: makes writes of the segments, now that what lies in their sectors is known.
    case compose
    /// No exchange: ends a comparison that has found differences.
    case judge
    /// No exchange: makes comparisons of everything that the job was not to change.
    case lookAround
    case restoreBaud
    case efuse
    case run

    var phase: Phase {
        switch self {
        case .stubCheck: .stubCheck
        case .downloadCheck: .downloadCheck
        case .synchronise: .synchronise
        case .uploadStub: .uploadStub
        case .identify: .identify
        case .plan, .compose, .lookAround: .plan
        case .judge: .verify
        case .changeBaud: .changeBaud
        case .transfer(let transfer): transfer.phase
        case .verify: .verify
        case .restoreBaud: .restoreBaud
        case .efuse: .efuse
        case .run: .run
        }
    }

    var range: Range<Int>? {
        switch self {
        case .transfer(let transfer), .verify(let transfer): transfer.range
        default: nil
        }
    }
}

/// Flash contents that are moved one way or the other and then compared by SHA-256. Nothing counts before that.
struct Transfer {
    enum Work {
        case readBackup
        case readResult
        case readAround
        /// What does not have the SHA-256 that it must have, to find out where it differs from `bytes`.
        case readDifferent(expected: [UInt8])
        /// Nothing but the SHA-256 of what lies around, to be compared afterwards.
        case fingerprint
        case write([UInt8])
        case erase
        case eraseChip
        /// Nothing but the comparison.
        case compare
        /// The same, of what was not to be changed.
        case compareAround
    }

    var work: Work
    /// Bytes of flash.
    var range: Range<Int>
    /// The SHA-256 that the range must have afterwards; of a read, known when it has been read.
    var digest: [UInt8] = []
    /// What was read, until it has been compared.
    var bytes: [UInt8] = []
    var pass = 1
    var startedAt: Instant?

    var phase: Phase {
        switch work {
        case .readBackup: .backup
        case .readResult: .read
        case .readAround, .fingerprint, .readDifferent: .readAround
        case .write: .write
        case .erase, .eraseChip: .erase
        case .compare, .compareAround: .verify
        }
    }

    /// Whether it changes the flash.
    var changesFlash: Bool {
        switch work {
        case .write, .erase, .eraseChip: true
        default: false
        }
    }
}
