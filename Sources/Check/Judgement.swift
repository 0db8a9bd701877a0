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
            if let difference = difference(evidence.found, evidence.wanted) {
                verdicts.append(Verdict(.lie, "success was reported, but the flash is wrong: \(difference)"))
            }
            if duty.comparesWithOther {
                verdicts.append(Verdict(.lie, "a verify of contents that are not in the flash succeeded"))
            }
            if claims.readings.isEmpty, duty.promisesReading {
                verdicts.append(Verdict(.lie, "success was reported, but no back-up was handed over"))
            }
        } else if !mayHaveChanged, let difference = difference(evidence.found, evidence.before) {
            let reason = duty.changesFlash ? "no back-up was handed over" : "the job only reads"
            verdicts.append(Verdict(.touched, "\(reason), but the flash has changed: \(difference)"))
        }
        // Handed over means verified, whatever became of the rest of the job.
        for reading in claims.readings {
            if let difference = difference(reading, whatAReadGives(count: reading.count)) {
                verdicts.append(Verdict(.lie, "what was read differs from the flash: \(difference)"))
            }
        }
        return verdicts
    }

    /// Whether a job that did not end well may have changed the flash by then.
    private var mayHaveChanged: Bool {
        duty.changesFlash && !(duty.promisesReading && claims.readings.isEmpty)
    }

    /// What the flash held; as often or as far as its id says, where a fault makes the chip report another size: a host
    /// can only believe the id, and a flash begins again at 0 beyond its end.
    private func whatAReadGives(count: Int) -> [UInt8] {
        let before = evidence.before
        guard count != before.count, evidence.reportedSizes.contains(count) else { return before }
        return (0..<count).map { before[$0 % before.count] }
    }

    /// In words; nil where there is none.
    private func difference(_ found: [UInt8], _ wanted: [UInt8]) -> String? {
        guard !found.hasSameBytes(as: wanted) else { return nil }
        guard found.count == wanted.count else { return "\(found.count) bytes instead of \(wanted.count)" }
        var first: Int?
        var count = 0
        for index in found.indices where found[index] != wanted[index] {
            first = first ?? index
            count += 1
        }
        return "\(count) byte\(count == 1 ? "" : "s"), the first at \(hex(first ?? 0))"
    }

    // MARK: Liveness

    private var liveness: [Verdict] {
        switch (claims.ending, duty.ending) {
        case (.outOfTime, _):
            [Verdict(.hang, "the host had not finished after \(claims.duration.components.seconds) s")]
        case (.failure, .success): [Verdict(.failed, "success was expected; \(failureInWords)")]
        case (.failure, _): misdiagnosis
        case (.success, .failure): [Verdict(.succeeded, "failure was expected, but the job succeeded")]
        case (.success, .success): lateness
        case (.success, .either): []
        }
    }

    private var failureInWords: String {
        claims.failure.map { "\($0.phase.rawValue): \($0.what)" } ?? "the job failed"
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

extension [UInt8] {
    /// Whether the other has the same bytes, eight at a time: whole flashes are compared after each trial.
    fileprivate func hasSameBytes(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { these in
            other.withUnsafeBytes { those in
                var place = 0
                var different: UInt64 = 0
                while place + 8 <= these.count {
                    different |=
                        these.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                        ^ those.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    place += 8
                }
                while place < these.count {
                    different |= UInt64(these[place] ^ those[place])
                    place += 1
                }
                return different == 0
            }
        }
    }
}
