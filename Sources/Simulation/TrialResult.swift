package import Check
package import Flasher
package import Scenarios

/// What came of a trial. The same trial gives the same result, to the byte, wherever and whenever it is run.
package struct TrialResult: Hashable, Sendable {
    /// How often a fault did something; 0 for one that never fired.
    package struct Firing: Hashable, Sendable {
        package var fault: String
        package var count: Int
    }

    package var seed: UInt64
    /// Out of time: it had not come to an end by `Trial.end`.
    package var ending: Claims.Ending
    /// On the line's clock, from its beginning to the job's end.
    package var duration: Duration
    /// What the host says of its failure; nil unless `ending` is one.
    package var failure: FlasherFailure?
    /// Times something was tried again.
    package var retryCount = 0
    /// The last of them in words, at most `retriesKept`.
    package var lastRetries: [String] = []
    /// The numbers in RDTool's `recv length is: N`, in their order (ECR6600 facts §11.3); at most `complaintsKept`.
    package var receivedLengths: [Int] = []
    /// In the order in which the scenario has its faults: those of the line, then those of the flash.
    package var firings: [Firing] = []
    /// Switches of the power whose moment never came, in words.
    package var missedSwitches: [String] = []
    /// The end that it was held against.
    package var expected = Scenario.Expectation.Ending.success
    /// Empty when everything is as it should be.
    package var verdicts: [Verdict] = []
    /// SHA-256 of all that crossed the line, in both directions and with its times, of the flash and of how it ended; 64
    /// hexadecimal digits.
    package var digest = ""

    package init(seed: UInt64, ending: Claims.Ending, duration: Duration) {
        self.seed = seed
        self.ending = ending
        self.duration = duration
    }

    package static let retriesKept = 8
    package static let complaintsKept = 1024

    /// Whether success was said of something that is not so.
    package var isLie: Bool { verdicts.contains { $0.kind.isUnsafe } }

    /// The class of causes that the host names; nil for a job that did not fail, and for one that was refused.
    package var causeClass: CauseClass? { failure?.diagnosis?.causeClass }

    static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
