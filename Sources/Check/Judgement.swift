import Flasher
import Scenarios
import Words

/// A host's claims held against the evidence: safety whatever is expected, liveness as far as something is.
package struct Judgement: Sendable {
    private let claims: Claims
    private let evidence: Evidence
    private let duty: Duty

    package init(_ claims: Claims, against evidence: Evidence, duty: Duty) {
        self.claims = claims
        self.evidence = evidence
        self.duty = duty
    }

    /// What is wrong; nothing when all is as it should be.
    package var verdicts: [Verdict] { safety + liveness }

    // MARK: Safety

    private var safety: [Verdict] {
        var verdicts: [Verdict] = []
        if claims.ending == .success {
            if let difference = evidence.wrong {
                verdicts.append(Verdict(.lie, "success was reported, but the flash is wrong: \(difference)"))
            }
            if duty.comparesWithOther {
                verdicts.append(Verdict(.lie, "a verify of contents that are not in the flash succeeded"))
            }
            if claims.readings.isEmpty, duty.promisesReading {
                verdicts.append(Verdict(.lie, "success was reported, but no back-up was handed over"))
            }
        } else if !mayHaveChanged, let difference = evidence.changed {
            let reason = duty.changesFlash ? "no back-up was handed over" : "the job only reads"
            verdicts.append(Verdict(.touched, "\(reason), but the flash has changed: \(difference)"))
        }
        if claims.ending == .success || mayHaveChanged, let difference = evidence.harmed {
            verdicts.append(Verdict(.harmed, "the flash has changed where the job has nothing to do: \(difference)"))
        }
        // Handed over means verified, whatever became of the rest of the job.
        for reading in claims.readings {
            if let difference = evidence.difference(ofReading: reading) {
                verdicts.append(Verdict(.lie, "what was read differs from the flash: \(difference)"))
            }
        }
        return verdicts
    }

    /// Whether a job that did not end well may have changed the flash by then.
    private var mayHaveChanged: Bool {
        duty.changesFlash && !(duty.promisesReading && claims.readings.isEmpty)
    }

    // MARK: Liveness

    private var liveness: [Verdict] {
        switch (claims.ending, duty.ending) {
        // Nobody knows what would have come of it, and nothing is expected.
        case (.outOfTime, .either) where claims.wasTransferring: []
        case (.outOfTime, _): [hang]
        case (.crashed, _): [Verdict(.crashed, "the host crashed: \(claims.words)")]
        case (.unclear, _): [Verdict(.unknown, "the host does not say how it ended: \(claims.words)")]
        case (.failure, .success): [Verdict(.failed, "success was expected; \(failureInWords)")]
        case (.failure, _): misdiagnosis
        case (.success, .failure): [Verdict(.succeeded, "failure was expected, but the job succeeded")]
        case (.success, .success): lateness
        case (.success, .either): []
        }
    }

    private var hang: Verdict {
        let words = "the host had not finished after \(claims.duration.components.seconds) s"
        guard claims.wasTransferring else { return Verdict(.hang, words) }
        return Verdict(.late, words + ", and was still transferring")
    }

    private var failureInWords: String {
        claims.failure.map { "\($0.phase.rawValue): \($0.what)" }
            ?? (claims.words.isEmpty ? "the job failed" : claims.words)
    }

    private var lateness: [Verdict] {
        guard let limit = duty.limit, claims.duration > limit else { return [] }
        let (taken, allowed) = (seconds(claims.duration, .up), seconds(limit, .down))
        return [Verdict(.late, "done after \(taken) s; \(allowed) s are allowed")]
    }

    private enum Rounding {
        case up, down
    }

    /// With three decimals. What is over a limit, rounded up, looks so beside the limit, rounded down.
    private func seconds(_ duration: Duration, _ rounding: Rounding) -> String {
        let (whole, rest) = duration.components
        let step: Int64 = 1_000_000_000_000_000
        let milliseconds = whole * 1000 + (rest + (rounding == .up ? step - 1 : 0)) / step
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    private var misdiagnosis: [Verdict] {
        guard let cause = duty.cause else { return [] }
        guard let diagnosis = claims.failure?.diagnosis else {
            return [Verdict(.misdiagnosed, "\(cause.rawValue) was expected, but there is no diagnosis")]
        }
        guard !diagnosis.causes.contains(cause) else { return [] }
        let named = diagnosis.causes.map(\.rawValue).joined(separator: ", ")
        return [
            Verdict(
                .misdiagnosed,
                "\(cause.rawValue) was expected, but the diagnosis is \(diagnosis.causeClass.rawValue): \(named)")
        ]
    }
}
