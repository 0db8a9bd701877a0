import Bench
import Line
import Replay
import Words

/// What `replay` says at its end, to a person or to a program.
struct ReplayReport {
    let command: ReplayCommand
    let plan: ReplayPlan
    let result: ReplayResult
    /// How the flasher's command ended; nil where none was given.
    let ending: Child.Ending?
    /// Where the trace of the replay is; nil where none was kept.
    var failedTrace: String?

    private enum Outcome: String {
        case complete
        case tolerated
        case diverged
        case sameEffect = "same-effect"
        case otherEffect = "other-effect"
        case undelivered
        case stopped
        case timedOut = "timed-out"
        case notStarted = "not-started"
    }

    private var outcome: Outcome {
        if result.isOutOfTime { return .timedOut }
        if ending?.hasStarted == false { return .notStarted }
        switch result.outcome {
        case .complete where result.undeliveredByteCount > 0: return .undelivered
        case .complete: return result.tolerated.count > 0 ? .tolerated : .complete
        case .diverged: return .diverged
        case .left: return result.effect == nil ? .sameEffect : .otherEffect
        case .running: return .stopped
        }
    }

    var exitCode: Int32 {
        switch outcome {
        case .complete, .sameEffect: 0
        case .tolerated, .diverged, .otherEffect, .undelivered, .stopped: 1
        case .timedOut: 124
        case .notStarted: 3
        }
    }

    /// Whether there was a replay, and it did not go well.
    var isFailure: Bool { exitCode != 0 && outcome != .notStarted }

    /// Each side's name: what is played, and what it is played to.
    private var sides: (played: String, other: String) {
        command.matching.side == .chip ? ("chip", "host") : ("host", "chip")
    }

    /// What was not as recorded, in its order.
    private var divergences: [Divergence] {
        switch result.outcome {
        case .diverged(let last), .left(let last): result.tolerated.first + [last]
        case .complete, .running: result.tolerated.first
        }
    }

    private var divergenceCount: Int {
        switch result.outcome {
        case .diverged, .left: result.tolerated.count + 1
        case .complete, .running: result.tolerated.count
        }
    }

    // MARK: For a person

    var text: String {
        var lines: [String] = []
        if outcome == .notStarted { return "nothing was replayed: the command did not start" }
        for divergence in result.tolerated.first { lines += plan.report(of: divergence).lines + [""] }
        if result.tolerated.count > result.tolerated.first.count {
            lines.append("… and \(result.tolerated.count - result.tolerated.first.count) more")
        }
        if case .diverged(let last) = result.outcome { lines += plan.report(of: last).lines }
        if case .left(let departure) = result.outcome { lines += plan.report(of: departure).lines }
        lines += verdict
        if exitCode != 0, let failedTrace {
            lines.append(
                "the replay's trace is \(printable(failedTrace)); to compare: solderless diff "
                    + "\(shellWord(command.trace)) \(shellWord(failedTrace))")
        }
        return lines.joined(separator: "\n")
    }

    private var verdict: [String] {
        switch outcome {
        case .complete, .tolerated:
            guard case .complete(let summary) = result.outcome else { return [] }
            let how =
                plan.match == .exact
                ? "as recorded" : "with the recorded \(plan.match == .frames ? "commands and data" : "effect")"
            let count = result.tolerated.count
            return [
                "replayed to the end: \(summary.hostByteCount) bytes from the \(sides.other) "
                    + (count == 0 ? how : "with \(count) \(count == 1 ? "divergence" : "divergences")")
                    + ", \(summary.chipByteCount) bytes played from the \(sides.played)"
            ]
        case .undelivered:
            return [
                "the host sent what was recorded, but never read \(result.undeliveredByteCount) bytes of the chip's "
                    + "answers"
            ]
        case .sameEffect: return ["from there on an emulated chip answered, and the flash ends as in the trace"]
        case .otherEffect:
            guard let effect = result.effect else { return [] }
            return [
                "from there on an emulated chip answered, and the flash ends otherwise: \(effect.byteCount) "
                    + "\(effect.byteCount == 1 ? "byte differs" : "bytes differ"), "
                    + "first at \(hex(effect.address))", "  expected   \(hexBytes(effect.expected))",
                "  got        \(hexBytes(effect.got))",
            ]
                + (result.disagreement.map {
                    [
                        "  the emulated chip did not answer \($0) as the recorded one did: its flash may be another from there on"
                    ]
                } ?? [])
        case .stopped: return ["stopped before the trace's end"]
        case .timedOut: return ["out of time before the trace's end"]
        case .notStarted, .diverged: return []
        }
    }

    // MARK: For a program

    var json: JSONValue {
        var summary: ReplaySummary?
        if case .complete(let whole) = result.outcome { summary = whole }
        return .report([
            .init("trace", .string(command.trace)), .init("as", .string(sides.played)),
            .init("match", .string(plan.match.rawValue)), .init("speed", .string(command.matching.speed.description)),
            .init("outcome", .string(outcome.rawValue)), .init("exitCode", .integer(Int64(exitCode))),
            .init("receivedByteCount", summary.map { .integer(Int64($0.hostByteCount)) } ?? .null),
            .init("playedByteCount", summary.map { .integer(Int64($0.chipByteCount)) } ?? .null),
            .init("recordedNanoseconds", summary.map { .integer($0.recordedDuration.wholeNanoseconds) } ?? .null),
            .init("replayedNanoseconds", summary.map { .integer($0.replayedDuration.wholeNanoseconds) } ?? .null),
            .init("undeliveredByteCount", .integer(Int64(result.undeliveredByteCount))),
            .init("divergenceCount", .integer(Int64(divergenceCount))),
            .init("divergences", .array(divergences.map { plan.report(of: $0).json })),
            .init("effect", result.effect.map(Self.json) ?? .null),
            .init("disagreement", result.disagreement.map { .string($0) } ?? .null),
            .init("assumptions", .array(plan.assumptions.map { .string($0) })),
            .init("replayTrace", failedTrace.map { .string($0) } ?? .null),
            .init(
                "commandExitCode",
                ending.map { $0.hasStarted && $0.signal == nil && !$0.isOutOfTime ? .integer(Int64($0.code)) : .null }
                    ?? .null),
        ])
    }

    private static func json(_ effect: EffectDifference) -> JSONValue {
        .object([
            .init("address", .integer(Int64(effect.address))), .init("byteCount", .integer(Int64(effect.byteCount))),
            .init("expected", .string(effect.expected.map { hexBytes([$0]) }.joined())),
            .init("got", .string(effect.got.map { hexBytes([$0]) }.joined())),
        ])
    }
}
