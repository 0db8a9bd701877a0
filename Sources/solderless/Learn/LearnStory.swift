import Lessons
import Line
import Story
import Wire
import Words

/// What a learner is told of the session while a step's text is to stay in sight.
extension LearnSession {
    /// Since the lesson began.
    private var now: Instant { .zero.advanced(by: began.duration(to: .now)) }

    /// A line of the session: what is new, so that something of a step's text stays in sight.
    func tellStory(_ text: String, _ line: StoryLine) {
        // Its title stands above.
        if case .mark(let mark) = line, mark.text.hasPrefix("lesson \(lesson.number) begins") { return }
        for told in story.take(text.dropFirst(EventLines.timeWidth), at: now, QuietStory.Weight(line)) {
            if told == .line { screen.say(story: text) } else { sayMore(told) }
        }
    }

    private func sayMore(_ told: QuietStory.Told) {
        guard case .more(let count) = told else { return }
        screen.say(Console.paint("  … \(plural(count, "more line"))", .faint))
    }

    /// A line of the flasher's. It tries a thing again and again, and counts that itself.
    func tellFlasher(_ line: String) {
        guard !line.contains("retry:") || retries.take(line, at: now).contains(.line) else { return }
        screen.say(flasher: line)
    }

    /// Something is done, or a step begins: what comes of it is told, whether it was told before or not.
    /// - Parameter room: how many lines until something else is done.
    func tellAnew(room: Int = .max) {
        story.begin(room: room).forEach(sayMore)
        _ = retries.begin(room: room == .max ? .max : 1)
    }
}

extension QuietStory.Weight {
    /// Marks that are about what somebody does at the bench, and what comes of it.
    private static let benchMarks: Set = ["power", "chip", "note"]

    fileprivate init(_ line: StoryLine) {
        switch line {
        case .mark(let mark) where Self.benchMarks.contains(mark.kind): self = .bench
        case .event(let event) where event.pitfall != nil: self = .explained
        case .mark(let mark) where mark.pitfall != nil: self = .explained
        default: self = .usual
        }
    }
}
