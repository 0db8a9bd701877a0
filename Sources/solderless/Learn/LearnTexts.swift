import Bench
import Files
import Lessons

/// What a learner reads: the introduction, a step, the question.
extension LearnSession {
    /// The introduction, in as many screens as it needs.
    func introduce() {
        var lines = ["", Console.paint("Lesson \(lesson.number) of \(count): \(lesson.title)", .bold), ""]
        lines += screen.lines(markdown: LessonPlace.prompt.text(lesson.intro))
        lines += ["", "The port, for your own flasher:", "  " + absolute(emulation.link ?? emulation.path)]
        if let image = flasher.imageForOthers(in: lesson) { lines += ["The image, for it:", "  " + image] }
        lines += screen.lines(
            markdown: "Ours: flash info, flash backup, … Type help for all commands, hint for a hint, quit to leave.")
        let most = isReading ? max(4, (Console.height ?? 24) - 3) : lines.count
        pages = stride(from: 0, to: lines.count, by: most).map {
            lines[$0..<min(lines.count, $0 + most)].joined(separator: "\n")
        }
    }

    /// Shows the next screen of the introduction.
    func turnPage() {
        screen.say(pages.removeFirst())
        guard isReading else { return }
        screen.say(pages.isEmpty ? "Press Enter to go on to the first step." : "Press Enter to read on.")
    }

    func beginStep() {
        guard let step = shown.step else { return askQuestion() }
        let text = screen.lines(markdown: LessonPlace.prompt.text(step.text))
        keepInSight(text.count)
        screen.say("\n" + title + "\n")
        screen.say(text.joined(separator: "\n") + "\n")
        if demonstrates { demonstrate(step.solution) }
    }

    /// So many rows are to stay in sight until somebody does something. With them go a tick, a title, three blank rows, a
    /// prompt, and three of the flasher's.
    private func keepInSight(_ rows: Int) {
        let room = screen.isInteractive ? Console.height.map { max(2, $0 - rows - 9) } : nil
        tellAnew(room: room ?? .max)
    }

    private var place: String { "step \(shown.current + 1) of \(lesson.steps.count): \(shown.step?.title ?? "")" }

    private var title: String { Console.paint("S" + place.dropFirst(), .bold) }

    /// The step's text again, and what is wrong, which no text says.
    func repeatStep() {
        guard let step = shown.step else { return askQuestion() }
        let text = screen.lines(markdown: LessonPlace.prompt.text(step.text))
        keepInSight(text.count)
        screen.say(title + "\n")
        screen.say(text.joined(separator: "\n"))
        if let mistake = shown.mistake { tell(mistake: mistake) }
    }

    /// What a flasher has said pushes the step off the screen, and a flasher's success does not end a step.
    /// - Parameter isTold: what is wrong stands above already.
    func remindOfStep(isTold: Bool) {
        guard screen.isInteractive, let step = shown.step else { return }
        if !isTold, let mistake = shown.mistake { tell(mistake: mistake) }
        let stop = step.title.last?.isPunctuation == true ? "" : "."
        screen.say(message: "This is \(place)\(stop) Type text to read it again.")
    }

    /// What is shown of the step before and was not needed for it is left out.
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
