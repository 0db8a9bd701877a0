import Bench
import Files
import Lessons

/// Prints the lesson's texts: the introduction, a step, the question.
extension LearnSession {
    /// Prints the introduction, screen by screen where the terminal is too low for it.
    func introduce() {
        var lines = ["", Console.paint("Lesson \(lesson.number) of \(count): \(lesson.title)", .bold), ""]
        lines += screen.lines(markdown: LessonPlace.prompt.text(lesson.intro))
        lines += ["", "The port, for your own flasher:", "  " + absolute(emulation.link ?? emulation.path)]
        if let image = flasher.imageForOthers(in: lesson) { lines += ["The image, for it:", "  " + image] }
        lines += screen.lines(
            markdown: "Ours: flash info, flash backup, … Type help for all commands, hint for a hint, quit to leave.")
        guard screen.isInteractive, !screen.hasRoom, let height = Console.height else {
            return screen.say(lines.joined(separator: "\n"))
        }
        pages = Self.pages(of: lines, rows: max(4, height - 3), width: Console.width)
        turnPage()
    }

    /// Splits lines into screens. A line that is wider than the screen, such as a path, takes several rows.
    private static func pages(of lines: [String], rows: Int, width: Int) -> [String] {
        var pages: [[String]] = []
        var room = 0
        for line in lines {
            let height = max(1, (line.count + width - 1) / width)
            if height > room {
                pages.append([])
                room = rows
            }
            pages[pages.count - 1].append(line)
            room -= height
        }
        return pages.map { $0.joined(separator: "\n") }
    }

    /// Prints the next screen of the introduction, or the step after the last one.
    func turnPage() {
        guard var rest = pages, !rest.isEmpty else {
            pages = nil
            return beginStep()
        }
        screen.say(rest.removeFirst())
        screen.say(rest.isEmpty ? "Press Enter to go on to the step." : "Press Enter to read on.")
        pages = rest
    }

    func beginStep() {
        guard let step = shown.step else { return askQuestion() }
        let text = screen.lines(markdown: LessonPlace.prompt.text(step.text))
        keepInSight(text.count)
        screen.say("\n" + title + "\n")
        screen.say(text.joined(separator: "\n") + "\n")
        if demonstrates { demonstrate(step.solution) }
    }

    /// Keeps a text of so many rows on the screen until the learner does something. A tick, a title, three blank rows, a
    /// prompt and three rows of the flasher's are on the screen as well.
    private func keepInSight(_ rows: Int) {
        let room = screen.isInteractive ? Console.height.map { max(2, $0 - rows - 9) } : nil
        tellAnew(room: room ?? .max)
    }

    private var place: String { "step \(shown.current + 1) of \(lesson.steps.count): \(shown.step?.title ?? "")" }

    private var title: String { Console.paint("S" + place.dropFirst(), .bold) }

    /// Prints the step again, and the current mistake.
    func repeatStep() {
        guard let step = shown.step else { return askQuestion() }
        let text = screen.lines(markdown: LessonPlace.prompt.text(step.text))
        keepInSight(text.count)
        screen.say(title + "\n")
        screen.say(text.joined(separator: "\n"))
        if let mistake = shown.mistake { tell(mistake: mistake) }
    }

    /// Names the current step after a flasher has ended: its output scrolls the step away, and its success does not end
    /// the step.
    /// - Parameter isTold: whether the current mistake has just been printed.
    func remindOfStep(isTold: Bool) {
        guard screen.isInteractive, let step = shown.step else { return }
        if !isTold, let mistake = shown.mistake { tell(mistake: mistake) }
        let stop = step.title.last?.isPunctuation == true ? "" : "."
        screen.say(message: "This is \(place)\(stop) Type text to read it again.")
    }

    /// Types the step's solution; what is left of the previous one was not needed.
    private func demonstrate(_ solution: [LessonCommand]) {
        if !pending.isEmpty { flasher.stop() }
        pending = solution.map(\.description)
    }

    func askQuestion() {
        owesQuestion = false
        let question = lesson.question
        screen.say("\n" + Console.paint("Question", .bold) + "\n")
        screen.say(markdown: question.text)
        screen.say("")
        let choices = question.choices.enumerated().map { "\($0 + 1). \($1.text)" }
        screen.say(markdown: choices.joined(separator: "\n"))
        screen.say("\nType the number of your answer.")
        if demonstrates, let right = question.choices.firstIndex(where: \.isRight) {
            pending.append("answer \(right + 1)")
        }
    }
}
