import Line

/// How fast a recorded session is played.
package struct ReplayPace: Hashable, Sendable {
    /// How many times as fast as it was recorded, in thousandths; nil for no waiting at all.
    package var thousandths: Int64?
    /// The longest pause that is kept, before it is played faster or slower; nil for all of any pause.
    package var idleLimit: Duration?

    /// - Parameter thousandths: 1...1,000,000; nil for no waiting.
    package init(thousandths: Int64?, idleLimit: Duration? = nil) {
        precondition(thousandths.map { (1...1_000_000).contains($0) } ?? true, "a speed of 0.001 to 1000")
        self.thousandths = thousandths
        self.idleLimit = idleLimit
    }

    /// As it was recorded.
    package static let recorded = ReplayPace(thousandths: 1000)
    /// Each answer with the byte that it waits for, and its characters take no time.
    package static let none = ReplayPace(thousandths: nil)

    /// Whether nothing is waited for.
    package var isInstant: Bool { thousandths == nil }

    /// What a recorded pause becomes, in nanoseconds.
    func scaled(_ pause: Int64) -> Int64 {
        guard let thousandths else { return 0 }
        let limit = idleLimit.map { max(0, $0.wholeNanoseconds) } ?? .max
        let kept = min(max(0, pause), limit)
        if thousandths == 1000 { return kept }
        // A day at a thousandth of its speed is far from overflowing 128 bits, and what does not fit in 64 is as good as ever.
        let scaled = kept.multipliedFullWidth(by: 1000)
        guard scaled.high < thousandths else { return Script.longestPause }
        return min(Script.longestPause, thousandths.dividingFullWidth(scaled).quotient)
    }
}
