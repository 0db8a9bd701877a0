package import Line

/// A session told briefly: each kind of line once, repetitions counted.
///
/// A flasher that asks in vain says the same for half a minute, and a read of the whole flash has a line a second: enough to
/// push the step that somebody reads meanwhile off a terminal.
package struct QuietStory: Sendable {
    /// Kinds of lines that have been told since somebody did something.
    private var told: Set<String> = []
    /// Lines that were not told, and since when.
    private var left: (count: Int, since: Instant)?
    /// About how many more rows may be printed until the learner does something.
    private var room = Int.max
    /// When the second began in which so many lines were told.
    private var second = (start: Instant(nanoseconds: .min), count: 0)

    /// Most lines in a second.
    private static let most = 16
    /// How often it is told that there was more.
    private static let pause = Duration.seconds(5)
    /// Most kinds remembered.
    private static let mostKinds = 256

    package init() {}

    /// A line of the session, or how many lines were left out.
    package enum Told: Hashable, Sendable {
        case line
        case more(Int)
    }

    /// What is never left out.
    package enum Weight: Sendable {
        case usual
        /// Explained in the lines below it: told once, however many lines there are.
        case explained
        /// About power, programs, wires: always told.
        case bench
    }

    /// Somebody has done something: what comes of it is told, whether it was told before or not.
    /// - Parameter room: about how many rows may be printed until the next call, so that a text stays on the screen. Lines
    ///   about the bench are not counted.
    /// - Returns: the count of lines left out before, if it has not been told.
    package mutating func begin(room: Int = .max) -> [Told] {
        told = []
        second.count = 0
        self.room = room
        return rest
    }

    /// Takes a line. - Parameters:
    ///   - text: what it says, without its time.
    ///   - now: when, on any clock.
    /// - Returns: what to tell of it, in this order.
    package mutating func take(_ text: some StringProtocol, at now: Instant, _ weight: Weight = .usual) -> [Told] {
        if weight == .bench { return rest + [.line] }
        let kind = Self.kind(of: text)
        if second.start.advanced(by: .seconds(1)) <= now { second = (now, 0) }
        guard second.count < Self.most || weight == .explained, !told.contains(kind), room > 0 else {
            let since = left?.since ?? now
            left = ((left?.count ?? 0) + 1, since)
            guard room > 0, since.duration(to: now) >= Self.pause else { return [] }
            room -= 1
            return rest
        }
        // An explanation takes about three more rows, a count one.
        room = max(0, room - (weight == .explained ? 4 : 1) - (left == nil ? 0 : 1))
        if told.count == Self.mostKinds { told = [] }
        told.insert(kind)
        second.count += 1
        return rest + [.line]
    }

    /// What was left out so far; it counts as told from now on.
    private var rest: [Told] {
        mutating get {
            defer { left = nil }
            return left.map { [.more($0.count)] } ?? []
        }
    }

    /// Lines that differ in numbers alone are of one kind; what the chip prints is told as it is.
    private static func kind(of text: some StringProtocol) -> String {
        guard !text.contains("\"") else { return String(text) }
        return text.split(separator: " ").map { $0.hasPrefix("0x") ? "0x" : String($0.filter { !$0.isNumber }) }
            .joined(separator: " ")
    }
}
