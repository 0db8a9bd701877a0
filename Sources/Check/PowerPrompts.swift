/// How often a program has asked for the chip's power, and which of its prompts are acted on.
package struct PowerPrompts: Hashable, Sendable {
    /// Prompts that were printed, but for those that repeat another.
    package private(set) var count = 0
    private var lastAsked: ContinuousClock.Instant?
    /// Whether the power is about to be switched.
    private var isActing = false
    /// Whether the chip waits for its power when the first comes.
    private let waits: Bool

    /// A prompt that comes so soon, or before the power is switched, repeats another.
    package static let least = Duration.seconds(2)

    /// - Parameter waits: false for a chip that has its power from the beginning: it needs nothing the first time.
    package init(waits: Bool) { self.waits = waits }

    /// Notes a prompt. - Returns: its number, from 1, where it is to be acted on.
    package mutating func next(at now: ContinuousClock.Instant) -> Int? {
        if isActing { return nil }
        if let lastAsked, now - lastAsked < Self.least { return nil }
        lastAsked = now
        count += 1
        guard count > 1 || waits else { return nil }
        isActing = true
        return count
    }

    /// The power has been switched.
    package mutating func acted() { isActing = false }
}
