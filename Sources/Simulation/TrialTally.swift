import Check
import Digests
package import Flasher
import Scenarios

/// What many trials of one scenario in one dialect came to. Trials are added in the order of their seeds, so that the
/// same trials make the same tally.
package struct TrialTally: Sendable {
    package private(set) var runs = 0
    package private(set) var successes = 0
    package private(set) var failures = 0
    package private(set) var outOfTime = 0
    /// Trials that broke what must always hold; it must be 0.
    package private(set) var lies = 0
    /// Failures by what the host named, in the order of `CauseClass`; those that are 0 are left out.
    package var diagnoses: [(causeClass: CauseClass, count: Int)] {
        CauseClass.allCases.map { ($0, classCounts[$0] ?? 0) }.filter { $0.1 > 0 }
    }
    /// How often each number stood in RDTool's `recv length is: N`, by N (ECR6600 facts §11.3).
    package var receivedLengths: [(length: Int, count: Int)] {
        lengthCounts.keys.sorted().map { ($0, lengthCounts[$0] ?? 0) }
    }
    /// How often each fault did something, in the order of the scenario.
    package private(set) var firings: [TrialResult.Firing] = []
    /// How often each switch of the power never came, in the order in which they were first missed.
    package private(set) var missedSwitches: [(label: String, count: Int)] = []
    /// Trials with a verdict against them, in the order of their seeds.
    package private(set) var unexpected: [TrialResult] = []

    /// The first failure that nothing was said against because either end would do; nil when there is none.
    package private(set) var firstTolerated: TrialResult?

    private var durations: [Duration] = []
    private var sum = SHA256()
    private var classCounts: [CauseClass: Int] = [:]
    private var lengthCounts: [Int: Int] = [:]

    package init() {}

    package mutating func add(_ result: TrialResult) {
        runs += 1
        switch result.ending {
        case .success: successes += 1
        case .failure: failures += 1
        case .outOfTime: outOfTime += 1
        // Ends of programs that are not ours.
        case .crashed, .unclear: break
        }
        if result.isLie { lies += 1 }
        if let causeClass = result.causeClass { classCounts[causeClass, default: 0] += 1 }
        for length in result.receivedLengths { lengthCounts[length, default: 0] += 1 }
        durations.append(result.duration)
        sum.update(Array(result.digest.utf8).span)
        if firings.isEmpty {
            firings = result.firings
        } else {
            for index in firings.indices where index < result.firings.count {
                firings[index].count += result.firings[index].count
            }
        }
        for label in result.missedSwitches {
            if let index = missedSwitches.firstIndex(where: { $0.label == label }) {
                missedSwitches[index].count += 1
            } else {
                missedSwitches.append((label, 1))
            }
        }
        if !result.verdicts.isEmpty { unexpected.append(result) }
        if firstTolerated == nil, result.ending == .failure, result.expected == .either, result.verdicts.isEmpty {
            firstTolerated = result
        }
    }

    /// SHA-256 of the trials' digests: two machines with the same one have run the same, to the byte.
    package var digest: String { TrialResult.hexadecimal(sum.digest()) }

    /// The time on the line that the given percentage of trials did not exceed; nil without trials.
    /// - Parameter percent: 1…100.
    package func duration(percentile percent: Int) -> Duration? {
        guard !durations.isEmpty else { return nil }
        let sorted = durations.sorted()
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
