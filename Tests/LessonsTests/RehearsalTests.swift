import Check
import Line
import ScenarioFiles
import Scenarios
import Testing
import Wire

import Lessons

/// Lessons as a learner would play them who types their solutions.
@Suite struct RehearsalTests {
    /// Each step of each lesson is fulfilled by its solution, by nothing before that, and no solution is taken for a mistake.
    @Test(arguments: Catalogue.lessonNames)
    func everyLessonCanBeFinished(name: String) throws {
        let lesson = try Catalogue.lesson(name)
        let report = try LessonRehearsal.of(lesson)
        #expect(report.defects.isEmpty, "\(report.defects)")
        #expect(report.steps.count == lesson.steps.count && report.isDone)
    }

    private func lesson(_ steps: [LessonStep]) -> Lesson {
        let choices = [
            LessonQuestion.Choice("no", verdict: "it is not", isRight: false),
            LessonQuestion.Choice("yes", verdict: "it is", isRight: true),
        ]
        return Lesson(
            name: "made-up", number: 1, title: "Made up", about: "", bench: LessonBench(), intro: "", steps: steps,
            question: LessonQuestion(text: "?", choices: choices))
    }

    private func step(
        _ condition: BenchExpectation.Condition, _ solution: LessonCommand..., mistakes: [LessonStep.Mistake] = []
    ) -> LessonStep {
        LessonStep(
            title: "step", text: "", expectation: BenchExpectation([condition]), mistakes: mistakes, solution: solution)
    }

    @Test func aLessonThatKeepsItsWordHasNoDefect() throws {
        let report = try LessonRehearsal.of(
            lesson([step(.supply(isOn: true), .power(.on)), step(.adapter(1800), .adapter(1800))]))
        #expect(report.defects.isEmpty && report.isDone)
    }

    @Test func whatIsFulfilledAlreadyIsADefect() throws {
        let report = try LessonRehearsal.of(lesson([step(.supply(isOn: false), .power(.off))]))
        #expect(report.steps.map(\.isDoneBefore) == [true] && report.defects.count == 1)
    }

    @Test func whatTheStepBeforeFulfilsIsADefect() throws {
        let steps = [step(.supply(isOn: true), .power(.on)), step(.power(isOn: true), .wait(.seconds(1)))]
        let report = try LessonRehearsal.of(lesson(steps))
        #expect(report.steps.map(\.isDoneBefore) == [false, true])
    }

    @Test func aSolutionThatFulfilsNothingIsADefect() throws {
        let report = try LessonRehearsal.of(lesson([step(.backups(1), .power(.on))]))
        #expect(report.steps.map(\.isDone) == [false] && !report.isDone && report.defects.count == 2)
    }

    @Test func aSolutionThatIsTakenForAMistakeIsADefect() throws {
        let mistake = LessonStep.Mistake(BenchExpectation([.adapter(1800)]), "Too low.")
        let report = try LessonRehearsal.of(
            lesson([step(.supply(isOn: true), .adapter(1800), .power(.on), mistakes: [mistake])]))
        #expect(report.steps.first?.mistakes == ["Too low."] && report.defects.count == 1)
    }

    /// A port serves one program at a time, and nothing is restored that was not backed up.
    @Test func whatCannotBeDoneIsTold() throws {
        let report = try LessonRehearsal.of(
            lesson([
                step(
                    .supply(isOn: true), .listen(.seconds(1)), .flash(.info), .done, .flash(.restore(nil)), .power(.on))
            ]))
        #expect(report.steps.first?.refused.count == 2)
    }

    /// On another chip nothing answers, whatever is done.
    @Test func anotherChipNeverAnswers() throws {
        var lesson = lesson([step(.step(.syncAnswer, count: 1), .flash(.info), .power(.on), .done)])
        lesson.bench.contents = .otherChip
        let report = try LessonRehearsal.of(lesson)
        #expect(report.steps.map(\.isDone) == [false] && report.failures.count == 1)
    }

    /// What the lesson's image says is not what the factory's firmware says.
    @Test(arguments: [(LessonBench.Contents.factory, "access point", false), (.openBeken, "access point", true)])
    func theApplicationSaysWhatBelongsToIt(contents: LessonBench.Contents, text: String, isSaid: Bool) throws {
        var lesson = lesson([step(.says(text), .power(.on), .listen(.seconds(5)), .done)])
        lesson.bench = LessonBench(board: try Catalogue.board("tnce-plug"), contents: contents)
        #expect(try LessonRehearsal.of(lesson).isDone == isSaid)
    }
}
