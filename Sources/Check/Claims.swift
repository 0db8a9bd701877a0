package import Flasher

/// What the host says of its job, and how long it took: what a check holds against what is so.
package struct Claims: Hashable, Sendable {
    /// How the job ended, by the host's word. The raw values are names that programs may rely on.
    package enum Ending: String, Hashable, Sendable, CaseIterable {
        case success
        case failure
        /// The host had not come to an end when it was given up.
        case outOfTime = "out-of-time"
        /// A program that a signal ended, and not ours.
        case crashed
        /// A program that ended and did not say how.
        case unclear
    }

    package var ending: Ending
    /// From the line's beginning to the job's end.
    package var duration: Duration
    /// What the host says of its failure; nil unless `ending` is one.
    package var failure: FlasherFailure?
    /// How a program that is not ours ended, in words; empty where there is nothing to add.
    package var words: String
    /// Whether a transfer still made progress when the host was given up.
    package var wasTransferring: Bool
    /// What it handed over as the flash's contents before it changed anything.
    package var readings: [[UInt8]]

    package init(
        _ ending: Ending, after duration: Duration, failure: FlasherFailure? = nil, words: String = "",
        wasTransferring: Bool = false, readings: [[UInt8]] = []
    ) {
        self.ending = ending
        self.duration = duration
        self.failure = failure
        self.words = words
        self.wasTransferring = wasTransferring
        self.readings = readings
    }
}
