package import Check

/// A lesson: a bench, and steps in which somebody really does something at it, with a flasher of their own or with ours; at its end
/// a question.
package struct Lesson: Hashable, Sendable {
    /// What a learner types.
    package var name: String
    /// Its place among the others, from 1.
    package var number: Int
    package var title: String
    /// One line for a list.
    package var about: String
    package var bench: LessonBench
    /// Markdown, as all texts of a lesson.
    package var intro: String
    /// At least one.
    package var steps: [LessonStep]
    package var question: LessonQuestion

    package init(
        name: String, number: Int, title: String, about: String, bench: LessonBench, intro: String, steps: [LessonStep],
        question: LessonQuestion
    ) {
        (self.name, self.number, self.title, self.about) = (name, number, title, about)
        (self.bench, self.intro, self.steps, self.question) = (bench, intro, steps, question)
    }

    /// Every text that its steps wait to be printed by an application.
    package var texts: [String] {
        steps.flatMap { step in step.expectation.texts + step.mistakes.flatMap(\.sign.texts) }
    }
}

/// What is to be done next, and how it is seen that it was.
package struct LessonStep: Hashable, Sendable {
    /// What goes wrong as a rule, and what is said of it then.
    package struct Mistake: Hashable, Sendable {
        /// What holds while it is made.
        package var sign: BenchExpectation
        package var advice: String

        package init(_ sign: BenchExpectation, _ advice: String) {
            self.sign = sign
            self.advice = advice
        }
    }

    package var title: String
    package var text: String
    package var expectation: BenchExpectation
    /// Given on request, one after the other.
    package var hints: [String]
    package var mistakes: [Mistake]
    /// Commands that fulfil it.
    package var solution: [LessonCommand]

    package init(
        title: String, text: String, expectation: BenchExpectation, hints: [String] = [], mistakes: [Mistake] = [],
        solution: [LessonCommand] = []
    ) {
        (self.title, self.text, self.expectation) = (title, text, expectation)
        (self.hints, self.mistakes, self.solution) = (hints, mistakes, solution)
    }
}

/// What a learner is asked at the end.
package struct LessonQuestion: Hashable, Sendable {
    package struct Choice: Hashable, Sendable {
        package var text: String
        /// Why it is right, or is not.
        package var verdict: String
        package var isRight: Bool

        package init(_ text: String, verdict: String, isRight: Bool) {
            self.text = text
            self.verdict = verdict
            self.isRight = isRight
        }
    }

    package var text: String
    /// One of them is right.
    package var choices: [Choice]

    package init(text: String, choices: [Choice]) {
        self.text = text
        self.choices = choices
    }
}
