import Lessons
import Line
import Story
import Wire
import Words

/// Prints the session without scrolling the current step off the screen.
extension LearnSession {
    /// Since the lesson began.
    private var now: Instant { .zero.advanced(by: began.duration(to: .now)) }

    /// Prints a line of the session, unless its kind has been shown already.
    func tellStory(_ text: String, _ line: StoryLine) {
        // The title is on the screen already.
        if case .mark(let mark) = line, mark.text.hasPrefix("lesson \(lesson.number) begins") { return }
        let kind: String? = if case .mark(let mark) = line { mark.kind } else { nil }
        // A flasher that closes the port gives it back the rate it had before: that is no message to anybody.
        if let heldRate, kind != "port" { printStory(heldRate.text, heldRate.line) }
        heldRate = kind == "baud" ? (text, line) : nil
        if heldRate == nil { printStory(text, line) }
    }

    private func printStory(_ text: String, _ line: StoryLine) {
        for told in story.take(text.dropFirst(EventLines.timeWidth), at: now, QuietStory.Weight(line)) {
            if told == .line { screen.say(story: text) } else { sayMore(told) }
        }
    }

    private func sayMore(_ told: QuietStory.Told) {
        guard case .more(let count) = told else { return }
        screen.say(Console.paint("  … \(plural(count, "more line"))", .faint))
    }

    /// Prints a line of the flasher's; repeated retries are left out, since the flasher counts them itself.
    func tellFlasher(_ line: String) {
        guard !line.contains("retry:") || retries.take(line, at: now).contains(.line) else { return }
        screen.say(flasher: line)
    }

    /// Shows every kind of line again, because the learner did something or a step begins.
    /// - Parameter room: about how many rows, until the learner does something else.
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
