import Check
import Emulator
import Scenarios
import Testing
import Words

import Lessons

/// Where a learner is in a lesson.
@Suite struct LessonRunTests {
    private static let lesson = Lesson(
        name: "made-up", number: 3, title: "Made up", about: "About it.", bench: LessonBench(), intro: "Read *this*.",
        steps: [
            LessonStep(
                title: "One", text: "Switch on.", expectation: BenchExpectation([.supply(isOn: true)]),
                hints: ["first", "second"],
                mistakes: [LessonStep.Mistake(BenchExpectation([.adapter(5000)]), "Not 5 V.")]),
            LessonStep(title: "Two", text: "Take it off.", expectation: BenchExpectation([.wire(.adapterTX, nil)])),
        ],
        question: LessonQuestion(
            text: "Well?",
            choices: [
                LessonQuestion.Choice("no", verdict: "wrong", isRight: false),
                LessonQuestion.Choice("yes", verdict: "right", isRight: true),
            ]))

    private static func watch() throws -> BenchWatch {
        let factory = try lesson.bench.setup().sampleFlash()
        return lesson.bench.watch(factory: factory, texts: lesson.texts)
    }

    @Test func stepByStepToTheQuestion() throws {
        var (run, watch, hookup) = (LessonRun(Self.lesson), try Self.watch(), Hookup.wired)
        #expect(run.look(at: &watch).isEmpty && run.current == 0)
        hookup.adapterLevel = 5000
        watch.note(hookup)
        #expect(run.look(at: &watch) == [.mistake("Not 5 V.")])
        #expect(run.look(at: &watch).isEmpty, "the same mistake is told once")
        hookup.adapterLevel = 3300
        watch.note(hookup)
        #expect(run.look(at: &watch) == [.noMistake])
        #expect(run.answer(1) == nil, "the question comes last")
        hookup.isSupplyOn = true
        watch.note(hookup)
        #expect(run.look(at: &watch) == [.stepDone(0)] && run.step?.title == "Two")
        hookup[.adapterTX] = nil
        watch.note(hookup)
        #expect(run.look(at: &watch) == [.stepDone(1), .question] && run.step == nil && !run.isDone)
        #expect(run.look(at: &watch).isEmpty)
        #expect(run.answer(7) == nil && run.answer(-1) == nil)
        #expect(run.answer(0)?.verdict == "wrong" && !run.isDone)
        #expect(run.answer(1)?.verdict == "right" && run.isDone)
        #expect(run.answer(0)?.isRight == false && run.isDone, "what is done stays done")
    }

    /// The last hint is the solution, in the words of the place.
    @Test func theLastHintSaysExactlyWhatToDo() throws {
        let solution = try [
            "plug adapter-tx gpio5", "unplug supply-3v3", "adapter 1.8", "wait 0.5 s", "power cycle", "flash verify",
            "done",
        ].map { try LessonCommand(parsing: $0) }
        #expect(
            LessonPlace.prompt.advice(solution)
                == "Type `plug adapter-tx gpio5`, then `unplug supply-3v3`, then `adapter 1.8`, "
                + "then `power cycle`, then `flash verify`, then `done`.")
        #expect(
            LessonPlace.page.advice(solution)
                == "Plug the adapter's TX onto GPIO5, then pull the supply's 3.3 V off, then set the "
                + "adapter to 1.8 V, then switch the supply off and on again, then start the built-in flasher with “verify "
                + "the image”, then wait until it has ended.")
        #expect(LessonPlace.page.advice([try LessonCommand(parsing: "wait 3 s")]) == "Wait 3 s.")
        #expect(LessonPlace.page.advice([]) == nil && LessonPlace.prompt.advice(solution + solution) == nil)
        var lesson = Self.lesson
        lesson.steps[0].solution = [try LessonCommand(parsing: "power on")]
        var run = LessonRun(lesson, at: .page)
        let hints = (0..<4).map { _ in run.giveHint() }
        #expect(hints == ["first", "second", "Switch the supply on.", "Switch the supply on."])
    }

    /// In every step.
    @Test func whatIsDangerousIsSaid() throws {
        var (run, watch, hookup) = (LessonRun(Self.lesson), try Self.watch(), Hookup.wired)
        func said(_ change: (inout Hookup) -> Void) -> String? {
            change(&hookup)
            watch.note(hookup)
            // Once for a step that this ends, and once for the next.
            _ = (run.look(at: &watch), run.look(at: &watch))
            return run.mistake
        }
        #expect(said { $0.adapterLevel = 5000 } == "Not 5 V.", "the step's own comes first")
        // The first step is done with that; the second knows nothing of levels.
        #expect(said { $0.isSupplyOn = true }?.contains("5 V, and its TX is on the board") == true)
        #expect(said { $0.adapterLevel = 3300 } == nil)
        #expect(said { $0[.adapterRX] = nil }?.hasPrefix("You moved a wire with the supply switched on.") == true)
        #expect(said { $0.isSupplyOn = false } == nil)
        #expect(said { ($0[.supplyPlus], $0[.supplyGround]) = (.ground, .supply) } == nil)
        #expect(said { $0.isSupplyOn = true }?.hasPrefix("3.3 V and ground of the supply are swapped") == true)
        #expect(said { ($0.isSupplyOn, $0[.adapterTX], $0[.adapterRX]) = (false, .txd, .rxd) } == nil)
        #expect(said { $0[.adapterTX] = .rxd } == nil, "on the way of a swap they may be on one pad")
        #expect(said { ($0[.supplyPlus], $0[.supplyGround]) = (.supply, .ground) } == nil)
        #expect(said { $0.isSupplyOn = true }?.hasPrefix("The adapter's TX and RX are on the same pad.") == true)
    }

    @Test func aTextIsOfItsPlace() {
        let text =
            "For both.\n\n<!-- §1 -->\nIn the browser, click it.\n\nAt the terminal, type it.\n\n```\nIn the browser, this is code\n```"
        let code = "```\nIn the browser, this is code\n```"
        #expect(LessonPlace.page.text(text) == "For both.\n\nClick it.\n\n\(code)")
        #expect(LessonPlace.prompt.text(text) == "For both.\n\nType it.\n\n\(code)")
    }

    @Test func hintsComeOneAfterTheOther() throws {
        var (run, watch) = (LessonRun(Self.lesson), try Self.watch())
        #expect(run.hasMoreHints && run.giveHint() == "first" && run.giveHint() == "second")
        #expect(!run.hasMoreHints && run.giveHint() == "second")
        var hookup = Hookup.wired
        hookup.isSupplyOn = true
        watch.note(hookup)
        _ = run.look(at: &watch)
        #expect(run.hint == nil && run.giveHint() == nil, "the next step has none")
    }

    @Test func aPageGetsAllOfIt() throws {
        var (run, watch, hookup) = (LessonRun(Self.lesson), try Self.watch(), Hookup.wired)
        run.giveHint()
        #expect(
            run.json.description == """
                {"name":"made-up","number":3,"title":"Made up","intro":"Read *this*.","steps":[{"title":"One","text":"Switch on.",\
                "isDone":false},{"title":"Two","text":"Take it off.","isDone":false}],"current":0,"hint":"first","hasMoreHints":true,"mistake":null,\
                "question":null,"isDone":false}
                """)
        hookup.isSupplyOn = true
        hookup[.adapterTX] = nil
        watch.note(hookup)
        _ = run.look(at: &watch)
        _ = run.look(at: &watch)
        run.answer(1)
        #expect(
            run.json.description.hasSuffix(
                """
                "current":2,"hint":null,"hasMoreHints":false,"mistake":null,"question":{"text":"Well?","choices":["no","yes"],"chosen":1,\
                "verdict":"right","isRight":true},"isDone":true}
                """))
    }

    @Test func progressIsKept() throws {
        var progress = LessonProgress()
        #expect(progress.next(of: [Self.lesson])?.name == "made-up")
        progress.finish("made-up")
        #expect(progress.isDone(Self.lesson) && progress.next(of: [Self.lesson]) == nil)
        #expect(progress.json.description == #"{"schema":1,"done":["made-up"]}"#)
        #expect(try LessonProgress(parsing: Array(progress.json.description.utf8)) == progress)
        for text in ["", "[]", "{}", #"{"done":1}"#, "{\"done\":["] {
            #expect(throws: JSONReader.Problem.self) { try LessonProgress(parsing: Array(text.utf8)) }
        }
    }
}
