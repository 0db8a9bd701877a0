import Emulator
import Flasher
import Line
import Wire

/// What must hold after a trial: safety whatever the scenario expects, liveness as far as it expects something.
struct TrialChecks {
    let trial: Trial
    let bench: TrialBench
    /// What the flash holds now.
    let flash: [UInt8]

    /// - Parameter readings: what the host says the flash held before the job changed anything.
    func verdicts(on result: TrialResult, readings: [[UInt8]]) -> [Verdict] {
        safety(result, readings) + liveness(result)
    }

    // MARK: Safety

    private func safety(_ result: TrialResult, _ readings: [[UInt8]]) -> [Verdict] {
        var verdicts: [Verdict] = []
        if result.ending == .success {
            if let difference = difference(flash, bench.after) {
                verdicts.append(Verdict(.lie, "success was said, and the flash is not what it must be: \(difference)"))
            }
            if trial.comparesWithOther {
                verdicts.append(Verdict(.lie, "a verify of contents that are not in the flash succeeded"))
            }
            if readings.isEmpty, promisesReading {
                verdicts.append(Verdict(.lie, "success was said of a back-up that was never handed over"))
            }
        } else if !mayHaveChanged(readings), let difference = difference(flash, bench.before) {
            let reason = changesFlash ? "no back-up was handed over" : "the job only reads"
            verdicts.append(Verdict(.touched, "\(reason), and the flash has changed: \(difference)"))
        }
        // Handed over means verified, whatever became of the rest of the job.
        for reading in readings {
            if let difference = difference(reading, whatAReadGives(result, count: reading.count)) {
                verdicts.append(Verdict(.lie, "what was read is not what the flash held: \(difference)"))
            }
        }
        return verdicts
    }

    /// Whether a job that did not end well may have changed the flash by then.
    private func mayHaveChanged(_ readings: [[UInt8]]) -> Bool {
        changesFlash && !(trial.backsUp && readings.isEmpty)
    }

    /// What the flash held; as often or as far as its id says, where a fault makes it tell of another size: a host can
    /// only believe the id, and a flash begins again at 0 beyond its end.
    private func whatAReadGives(_ result: TrialResult, count: Int) -> [UInt8] {
        let before = bench.before
        guard count != before.count, sizesToldByFaults(result).contains(count) else { return before }
        return (0..<count).map { before[$0 % before.count] }
    }

    /// The sizes that a stub takes the flash for where a fault has changed its id: what the id says, and 2 MB, which
    /// 1.3.11 begins with and keeps where the id says nothing to it (ECR6600 facts §4).
    private func sizesToldByFaults(_ result: TrialResult) -> [Int] {
        let hasFired = result.firings.contains { $0.fault.hasPrefix(WrongFlashID.summary.name) && $0.count > 0 }
        return hasFired ? bench.otherIDs.compactMap(\.byteCount) + [2 << 20] : []
    }

    private var promisesReading: Bool { trial.task == .backup || (changesFlash && trial.backsUp) }

    private var changesFlash: Bool { trial.task == .write || trial.task == .erase }

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

    private func liveness(_ result: TrialResult) -> [Verdict] {
        let wanted = trial.scenario.expectation
        switch (result.ending, trial.expectedEnding) {
        case (.outOfTime, _):
            return [Verdict(.hang, "the host has not ended after \(result.duration.components.seconds) s")]
        case (.failure, .success):
            return [Verdict(.failed, "success is expected; \(firstLines(of: result.failure))")]
        case (.failure, _): return misdiagnosis(result, wanted)
        case (.success, .failure): return [Verdict(.succeeded, "failure is expected, and the job ended well")]
        case (.success, .success) where trial.isAsWritten && result.duration > wanted.limit:
            return [
                Verdict(
                    .late,
                    "done after \(seconds(result.duration, .up)) s, \(seconds(wanted.limit, .down)) s are allowed"
                )
            ]
        case (.success, _): return []
        }
    }

    private enum Rounding {
        case up, down
    }

    /// With three decimals. What is over a limit, rounded up, looks so beside the limit, rounded down.
    private func seconds(_ duration: Duration, _ rounding: Rounding) -> String {
        let milliseconds = (duration.wholeNanoseconds + (rounding == .up ? 999_999 : 0)) / 1_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    private func misdiagnosis(_ result: TrialResult, _ wanted: Scenario.Expectation) -> [Verdict] {
        guard let cause = wanted.cause, trial.isAsWritten, !trial.comparesWithOther else { return [] }
        guard let diagnosis = result.failure?.diagnosis else {
            return [Verdict(.misdiagnosed, "\(cause.rawValue) is expected, and there is no diagnosis")]
        }
        guard !diagnosis.causes.contains(cause) else { return [] }
        return [
            Verdict(
                .misdiagnosed,
                "\(cause.rawValue) is expected, and the diagnosis is \(diagnosis.causeClass.rawValue): "
                    + diagnosis.causes.map(\.rawValue).joined(separator: ", "))
        ]
    }

    private func firstLines(of failure: FlasherFailure?) -> String {
        failure.map { "\($0.phase.rawValue): \($0.what)" } ?? "the job failed"
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
