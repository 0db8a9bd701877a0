import Check
import Emulator
package import Lessons
package import Line
import Scenarios
import Simulation
import Words

/// A lesson that somebody takes at a running bench: it listens to the line, and looks after each turn whether the open step is
/// fulfilled. It lives on the emulation's thread.
package final class BenchLesson: LineListener {
    package private(set) var run: LessonRun
    private var watch: BenchWatch

    init(_ lesson: Lesson, at place: LessonPlace, watch: BenchWatch) {
        run = LessonRun(lesson, at: place)
        self.watch = watch
    }

    package func sent(_ bytes: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        watch.sent(bytes, timing, direction)
    }

    package func received(_ bytes: Span<UInt8>, _ timing: RunTiming) { watch.received(bytes, timing) }

    package func happened(_ event: LineEvent) { watch.happened(event) }

    /// What has come of a turn. - Returns: what is new for the learner.
    func look(after events: [ChipEvent], at moment: Instant, _ hookup: Hookup, _ flash: NORFlash) -> [LessonRun.News] {
        for event in events { watch.note(event) }
        watch.advance(to: moment)
        watch.note(hookup)
        if flash.changes != watch.flashChanges { watch.note(flash) }
        return run.look(at: &watch)
    }

    /// When to look again though nothing happens; nil for never.
    var deadline: Instant? { run.deadline(watch) }

    /// The next hint; nil where there is none.
    package func giveHint() -> String? { run.giveHint() }

    /// Answers the question at the end, from 0; nil where it is not asked, and for a choice that there is not.
    package func answer(_ choice: Int) -> LessonQuestion.Choice? { run.answer(choice) }
}

extension Emulation {
    /// The bench is cleared, and stands as a lesson begins: another chip with another flash, without power unless the lesson
    /// says otherwise. The port stays, and so does the client that has it open.
    /// - Parameter learner: where it is taken.
    /// - Throws: `PortError`.
    package func begin(_ lesson: Lesson, at learner: LessonPlace) throws {
        let bench = lesson.bench
        let setup = try bench.setup()
        let factory = setup.sampleFlash()
        var settings = setup.chip
        settings.timing = plan.time.chipTiming
        let chip = Chip(
            settings: settings, flash: bench.flash(factory), flashFaults: setup.flashFaults, efuse: plan.efuse,
            rom: plan.rom, power: .off, isInterruptible: true)
        // What was powered is so no longer, whatever it was.
        if port.device.isPowered { noteChipGone() }
        hookup = bench.hookup
        place = BenchPlace(setup)
        try port.rewire(try hookup.conditions(setup.conditions))
        try port.intervene { device, now in
            device = chip
            device.advance(to: now)
            device.wireReset(to: hookup.isRight(.adapterRTS) ? setup.chip.resetLines : [], at: now)
        }
        let taken = BenchLesson(
            lesson, at: learner, watch: bench.watch(factory: factory, texts: lesson.texts, received: port.receivedCount)
        )
        self.lesson = taken
        port.lesson = taken
        noteHookup("lesson \(lesson.number) begins: \(lesson.title)")
        guard hookup.suppliesChip else { return }
        try port.intervene { device, now in device.command(.power(on: true), at: now) }
    }

    private func noteChipGone() {
        program = nil
        let off = ChipEvent(time: port.moment, kind: .power(on: false))
        note(ControlEvent(off))
        noteInTrace(off.traceKind, at: off.time)
    }

    /// Nobody takes a lesson any longer. The bench stays as it is.
    package func leaveLesson() {
        lesson = nil
        port.lesson = nil
        noteLesson("the lesson is left")
    }

    /// How long the line must stay as quiet as it is until the open step is done; nil where that makes no difference.
    package var quietToCome: Duration? { lesson?.deadline.map { port.moment.duration(to: $0) } }

    /// What the learner is to know after a turn.
    func lookAtLesson(_ events: [ChipEvent]) {
        guard let lesson else { return }
        for news in lesson.look(after: events, at: port.moment, hookup, port.device.flash) {
            switch news {
            case .stepDone(let step): noteLesson("step \(step + 1) is done: \(lesson.run.lesson.steps[step].title)")
            case .mistake(let advice): noteLesson(advice)
            case .noMistake: noteLesson("that is mended")
            case .question: noteLesson("all steps are done; a question is left")
            }
        }
    }

    /// Tells onlookers where the learner is now.
    package func noteLesson(_ text: String) {
        note(
            ControlEvent(.lesson, at: port.moment, text, [.init("lesson", lesson?.run.json ?? .null)]))
        port.disturb()
    }
}
