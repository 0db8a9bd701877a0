package import Capture
import Line
package import Replay
import Trace

/// What to replay, and how.
package struct ReplayPlan: Sendable {
    /// How closely the other side has to keep to the trace.
    package enum Match: String, Hashable, Sendable, CaseIterable {
        case exact
        case frames
        case effect
    }

    package var recording: Recording
    package var match: Match
    package var pace: ReplayPace
    /// How much longer than in the trace the other side may be silent.
    package var patience: Duration
    package var tolerates: Bool
    /// Whether an image is a stub that is known.
    package var knowsStub: @Sendable ([UInt8]) -> Bool
    /// What takes over where a host leaves the trace.
    package var chip: RecordedChip
    /// Where the trace of the replay is written while it runs; nil for nowhere.
    package var tracePath: String?
    package var programVersion: String
    package var commandLine: String

    package init(_ recording: Recording, match: Match) {
        self.recording = recording
        self.match = match
        pace = .recorded
        patience = .seconds(10)
        tolerates = false
        knowsStub = { _ in true }
        chip = RecordedChip()
        programVersion = ""
        commandLine = ""
    }

    /// What the trace does not say, and is taken for granted.
    package var assumptions: [String] {
        var assumptions = recording.assumptions
        if match != .exact { assumptions += recording.assumptions(knowsStub: knowsStub) }
        if match == .effect, recording.isIncomplete {
            assumptions.append(
                "what the missing bytes did to the flash is not known: once the host leaves the trace, its flash may end "
                    + "otherwise for that alone")
        }
        return assumptions
    }

    /// How the other side's time passes: rates count where there is time for a change of them. Where characters took their
    /// time when it was recorded, they do again: an answer comes no sooner after the first of them than it did then.
    package var time: TimeMode {
        if pace.isInstant { return TimeMode(.fast) }
        return TimeMode(recording.isPaced && pace == .recorded ? .wire : .brisk)
    }

    /// - Throws: `CaptureError`.
    func tap(clock: SessionDescription.Clock, port: String, epoch: Int64) throws(CaptureError) -> TraceTap? {
        guard let tracePath else { return nil }
        return try TraceTap(
            creating: tracePath,
            session: .init(
                program: "solderless", programVersion: programVersion, clock: clock, epoch: epoch,
                properties: [.init("port", port), .init("time", time.name), .init("command", commandLine)]),
            replacing: true)
    }
}

/// How a replay came out.
package struct ReplayResult: Sendable {
    package var outcome: ReplayOutcome
    package var tolerated: ToleratedDivergences
    /// Bytes of the chip that the client never took.
    package var undeliveredByteCount = 0
    /// How the flash ended otherwise than in the recorded session; nil for not at all, and where that was not asked.
    package var effect: EffectDifference?
    /// The recorded message to which the emulated chip answered less than the recorded one.
    package var disagreement: String?
    /// Why the replay's trace is not whole, if it is not.
    package var traceFailure: CaptureError?
    /// Whether it ran out of its time.
    package var isOutOfTime = false
}

extension ReplayPlan {
    /// What there is to say of a divergence, with what an emulated chip would have answered.
    package func report(of divergence: Divergence) -> DivergenceReport {
        var report = DivergenceReport(divergence, in: recording)
        report.ask(chip.chip(of: recording, time: TimeMode(.brisk)), in: recording, knowsStub: knowsStub)
        return report
    }
}
