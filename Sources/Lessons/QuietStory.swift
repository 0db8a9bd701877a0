package import Line

/// A session as somebody is told it who reads something else meanwhile: what is new, line by line; of what has been said
/// before, how often it was said again.
///
/// A flasher that asks in vain says the same for half a minute, and a read of the whole flash a line a second: enough to push
/// a step's text off a terminal.
package struct QuietStory: Sendable {
    /// What has been told since somebody did something.
    private var told: Set<String> = []
    /// Lines that were not told, and since when.
    private var left: (count: Int, since: Instant)?
    /// When the second began in which so many lines were told.
    private var second = (start: Instant(nanoseconds: .min), count: 0)

    /// In a second; more nobody reads.
    private static let most = 16
    /// How often it is said that there was more.
    private static let pause = Duration.seconds(5)
    /// More than that are not kept apart.
    private static let mostTold = 256

    package init() {}

    /// A line of the session, or how much of the same there was.
    package enum Told: Hashable, Sendable {
        case line
        case more(Int)
    }

    /// Somebody has done something: what comes of it is told, whether it was told before or not.
    package mutating func begin() {
        told = []
        left = nil
    }

    /// Takes a line. - Parameters:
    ///   - text: what it says, without its time.
    ///   - now: when, on any clock.
    ///   - isAboutTheBench: of what somebody does there, and what it leads to, nothing is left out.
    /// - Returns: what to tell of it, in this order.
    package mutating func take(
        _ text: some StringProtocol, at now: Instant, isAboutTheBench: Bool = false
    ) -> [Told] {
        if isAboutTheBench { return rest + [.line] }
        let kind = Self.kind(of: text)
        if second.start.advanced(by: .seconds(1)) <= now { second = (now, 0) }
        guard second.count < Self.most, !told.contains(kind) else {
            let since = left?.since ?? now
            let count = (left?.count ?? 0) + 1
            left = (count, since)
            guard since.duration(to: now) >= Self.pause else { return [] }
            left = nil
            return [.more(count)]
        }
        if told.count == Self.mostTold { told = [] }
        told.insert(kind)
        second.count += 1
        return rest + [.line]
    }

    /// What was left out so far; from now on it is told.
    private var rest: [Told] {
        mutating get {
            defer { left = nil }
            return left.map { [.more($0.count)] } ?? []
        }
    }

    /// Lines that differ in their numbers alone say the same; what the chip prints is told as it is.
    private static func kind(of text: some StringProtocol) -> String {
        text.contains("\"") ? String(text) : String(text.filter { !$0.isNumber })
    }
}
