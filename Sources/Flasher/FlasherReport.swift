package import Wire
import Words

/// What a flasher is busy with.
package enum Phase: String, Hashable, Sendable, CaseIterable {
    case stubCheck = "look for a stub"
    case downloadCheck = "look for a download"
    case synchronise = "synchronise"
    case uploadStub = "upload stub"
    case identify = "identify flash"
    case changeBaud = "change baud"
    case plan = "plan"
    case backup = "back up"
    case saveBackup = "save back-up"
    case read = "read"
    case readAround = "read around"
    case erase = "erase"
    case write = "write"
    case verify = "verify"
    case restoreBaud = "restore baud"
    case efuse = "read eFuse"
    case run = "run"
}

/// What a flasher has found out about the chip.
package struct ChipInfo: Hashable, Sendable {
    /// Nil in the vendor's dialect, which has no command for it.
    package var flashID: FlashID?
    /// Bytes of flash: from the id's size code, or as much as the stub agrees to read.
    package var flashByteCount: Int
    /// Whether a stub ran before this session uploaded one.
    package var stubWasRunning: Bool
}

/// What a flasher tells its driver; see `Flasher.nextReport`.
package enum FlasherReport: Hashable, Sendable {
    /// A phase begins; with the range of flash it works on, if it does.
    case started(Phase, Range<Int>?)
    /// Bytes done of bytes to do. Several between two drains are one.
    case progress(Phase, done: Int, total: Int)
    case identified(ChipInfo)
    /// A line for the log of the tool that is imitated (`Dialect.rdtool`).
    case log(String)
    /// Something went wrong and is tried again; nothing is lost yet.
    case retry(Phase, String)
    /// The whole flash, verified. The flasher goes on after `backupSaved(at:)` and not before.
    case backup([UInt8])
    /// What was asked for, verified, from this address.
    case readResult([UInt8], from: Int)
    /// The 128 bytes of eFuse, read twice alike.
    case efuse([UInt8])
    /// Always the last report.
    case finished(Outcome)
}

/// One line of the table of what was done.
package struct StepRecord: Hashable, Sendable {
    package var phase: Phase
    package var range: Range<Int>?
    /// Time it took, retries included.
    package var duration: Duration
    /// Whether the SHA-256 of `range` was what it must be, the chip's own or that of what was read back; nil for a
    /// step that moves no flash contents.
    package var verified: Bool?

    /// Bytes of flash it worked on.
    package var byteCount: Int { range?.count ?? 0 }
}

/// How a job ended.
package enum Outcome: Hashable, Sendable {
    /// Everything was done, and verified where there is something to verify.
    case success([StepRecord])
    case failure(FlasherFailure)
}

/// Why a job did not end well, in words for a person at the bench.
package struct FlasherFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the job.
    package var phase: Phase
    /// What happened.
    package var what: String
    /// Bytes received since the phase began.
    package var receivedCount: Int
    /// The first of them, at most 32.
    package var firstReceived: [UInt8]
    /// In what state the chip may be now.
    package var chip: ChipState
    /// What to do.
    package var remedy: String
    /// The first address of flash that was not acknowledged, where a transfer stopped; nil in other phases.
    package var stoppedAt: Int?
    /// What a comparison has found.
    package var difference: FlashDifference?
    /// What may be wrong at the bench; nil when the job was refused or stopped by its user.
    package var diagnosis: Diagnosis?

    /// Everything above, a line or two each.
    package var description: String {
        var lines = ["\(phase.rawValue): \(what)"]
        if let stoppedAt { lines.append("The \(phase.rawValue) stopped at \(hex(stoppedAt)).") }
        // What a comparison has found is no matter of what the line brought last.
        if difference == nil { lines.append(received) }
        lines += ["The chip: \(chip)", remedy]
        return (lines + (diagnosis?.lines ?? [])).joined(separator: "\n")
    }

    private var received: String {
        let heard = diagnosis?.observations.heard
        return switch (receivedCount, heard?.count ?? 0) {
        case (0, 0): "Nothing was received."
        case (0, let before): "Nothing was received in this step; before it, " + Self.bytes(before, heard?.first ?? [])
        default: "Received " + Self.bytes(receivedCount, firstReceived)
        }
    }

    private static func bytes(_ count: Int, _ first: [UInt8]) -> String {
        "\(count) byte\(count == 1 ? "" : "s"): \(hexBytes(first))\(count > first.count ? " …" : "")"
    }
}
