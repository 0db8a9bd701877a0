package import Check
package import Line
import Scenarios
package import Words

/// Where a learner is in a lesson: which step is open, what was noticed, which hints were given, and the question at the end.
///
/// It asks a `BenchWatch` whether the open step is fulfilled (`look`), and knows no bench and no clock itself.
package struct LessonRun: Sendable {
    package let lesson: Lesson
    /// The open step, from 0; as many as there are steps: the question is next.
    package private(set) var current = 0
    /// The hint that was given last in this step.
    package private(set) var hint: String?
    /// What is wrong now, if it is one of the usual mistakes.
    package private(set) var mistake: String?
    /// The answer that was chosen last, from 0.
    package private(set) var chosen: Int?
    private var hintCount = 0
    private var latestBlunder: (changes: Int, advice: String?) = (-1, nil)
    /// Whose words the exact hint is in.
    private let place: LessonPlace

    /// What a look has found.
    package enum News: Hashable, Sendable {
        /// This step is done, and the next is open.
        case stepDone(Int)
        /// One of the usual mistakes is noticed.
        case mistake(String)
        /// None is any longer.
        case noMistake
        /// All steps are done: the question is asked.
        case question
    }

    package init(_ lesson: Lesson, at place: LessonPlace = .prompt) {
        self.lesson = lesson
        self.place = place
    }

    /// The open step; nil when all are done.
    package var step: LessonStep? { current < lesson.steps.count ? lesson.steps[current] : nil }

    /// Whether all steps are done, and the question is answered rightly.
    package var isDone: Bool { verdict?.isRight ?? false }

    /// What was chosen last; nil before.
    package var verdict: LessonQuestion.Choice? { chosen.map { lesson.question.choices[$0] } }

    /// Looks whether the open step is fulfilled, or a mistake is being made: after everything that happened, and soon.
    /// - Parameter watch: it began with the lesson; when a step is done, the next begins in it.
    package mutating func look(at watch: inout BenchWatch) -> [News] {
        guard current < lesson.steps.count else { return [] }
        guard !watch.holds(lesson.steps[current].expectation) else {
            let done = current
            current += 1
            (hint, hintCount, mistake) = (nil, 0, nil)
            watch.beginStep()
            return [.stepDone(done)] + (self.step == nil ? [.question] : [])
        }
        let found = watch.holds(Self.lostStub.sign) ? Self.lostStub.advice : stepsMistake(watch) ?? blunder(watch)
        guard found != mistake else { return [] }
        mistake = found
        // It was given for a bench on which nothing was wrong.
        if found != nil { hint = nil }
        return [found.map(News.mistake) ?? .noMistake]
    }

    private func stepsMistake(_ watch: borrowing BenchWatch) -> String? {
        for mistake in lesson.steps[current].mistakes where watch.holds(mistake.sign) {
            guard mistake.advice.contains(Self.wiresMovedLive) else { return mistake.advice }
            return mistake.advice.replacing(Self.wiresMovedLive, with: place.words(watch.wiresMovedLive))
        }
        return nil
    }

    /// What is wrong with the wires in any step; asked anew only where they may have changed.
    private mutating func blunder(_ watch: borrowing BenchWatch) -> String? {
        if latestBlunder.changes != watch.hookupChanges {
            latestBlunder = (watch.hookupChanges, nil)
            for blunder in Self.blunders where watch.holds(blunder.sign) {
                latestBlunder.advice = blunder.advice
                break
            }
        }
        return latestBlunder.advice
    }

    /// In advice: these wires, by name.
    private static let wiresMovedLive = "{wires}"

    /// When the open step may be fulfilled though nothing happens any more; nil where that makes no difference.
    package func deadline(_ watch: BenchWatch) -> Instant? {
        step.flatMap { watch.deadline(for: [$0.expectation] + $0.mistakes.map(\.sign)) }
    }

    /// What leads nowhere in any step; it comes before a step's own mistakes, which would be the consequence.
    private static let lostStub = LessonStep.Mistake(
        BenchExpectation([.lostStub(true)]),
        "The power went while the flasher was at work, and the stub in the chip's memory went with it. Whatever the flasher says "
            + "from now on, the wires are not to blame. Stop it, and get in again: flasher first, then off and on.")

    private static let signalPads: [Hookup.Pad] = [.rxd, .txd, .otherRXD, .otherTXD]

    /// What is dangerous or useless in every step; a step's own mistakes come first.
    private static let blunders = [
        LessonStep.Mistake(
            BenchExpectation([.supply(isOn: true), .wire(.adapterGround, .supply)]),
            "The adapter's ground is on the 3.3 V pad, and the supply is on: a short circuit through the computer. Switch it off, "
                + "then move that wire to GND."),
        LessonStep.Mistake(
            BenchExpectation([.supply(isOn: true), .wire(.supplyPlus, .ground), .wire(.supplyGround, .supply)]),
            "3.3 V and ground of the supply are swapped, and it is switched on. A real chip may die of that at once. Switch it "
                + "off, then swap the two wires."),
        LessonStep.Mistake(
            BenchExpectation([.adapter(5000), .not(BenchExpectation([.wire(.adapterTX, nil)]))]),
            "The adapter is set to 5 V, and its TX is on the board: what that does to the chip's pin is unknown. Set it to 3.3 V."
        ),
        LessonStep.Mistake(
            BenchExpectation([.movedUnderPower(true)]),
            "You moved a wire with the supply switched on. On a real bench one slip makes a short circuit. Switch the supply off "
                + "before you touch a wire."),
        LessonStep.Mistake(
            BenchExpectation([.any(on(.adapterGround, signalPads) + on(.supplyGround, signalPads))]),
            "A ground wire is on a signal pad, where it holds the signal low. Ground belongs on GND."),
        LessonStep.Mistake(
            BenchExpectation([.supply(isOn: true), .any(on(.supplyPlus, signalPads))]),
            "The supply's 3.3 V is on a signal pad, and it is switched on. Switch it off, and move that wire to 3V3."),
        LessonStep.Mistake(
            BenchExpectation([
                .supply(isOn: true),
                .any(
                    Hookup.Pad.allCases.map { BenchExpectation([.wire(.adapterTX, $0), .wire(.adapterRX, $0)]) }),
            ]),
            "The adapter's TX and RX are on the same pad. Each has a pad of its own: TX on GPIO5, RX on GPIO6."),
    ]

    /// A wire on any of these pads.
    private static func on(_ wire: Hookup.Wire, _ pads: [Hookup.Pad]) -> [BenchExpectation] {
        pads.map { BenchExpectation([.wire(wire, $0)]) }
    }

    /// The next hint, as somebody asks for one; the last one again when there are no more, nil where there are none.
    @discardableResult
    package mutating func giveHint() -> String? {
        guard let hints, !hints.isEmpty else { return nil }
        hint = hints[min(hintCount, hints.count - 1)]
        hintCount = min(hintCount + 1, hints.count)
        return hint
    }

    /// Whether there is another hint.
    package var hasMoreHints: Bool { hints.map { hintCount < $0.count } ?? false }

    /// Those of the open step: the lesson's own, then what exactly to do.
    private var hints: [String]? {
        step.map { step in step.hints + [place.advice(step.solution)].compactMap { $0 } }
    }

    /// Answers the question. A wrong answer may be followed by another.
    /// - Parameter choice: from 0.
    /// - Returns: what was chosen; nil while steps are open, and for a choice that there is not.
    @discardableResult
    package mutating func answer(_ choice: Int) -> LessonQuestion.Choice? {
        guard step == nil, lesson.question.choices.indices.contains(choice) else { return nil }
        if !isDone { chosen = choice }
        return lesson.question.choices[choice]
    }
}

extension LessonRun {
    /// For a page or a program, with all that it shows.
    package var json: JSONValue {
        let steps: [JSONValue] = lesson.steps.enumerated().map { index, step in
            .object([
                .init("title", .string(step.title)), .init("text", .string(place.text(step.text))),
                .init("isDone", .bool(index < current)),
            ])
        }
        return .object([
            .init("name", .string(lesson.name)), .init("number", .integer(Int64(lesson.number))),
            .init("title", .string(lesson.title)), .init("intro", .string(place.text(lesson.intro))),
            .init("steps", .array(steps)), .init("current", .integer(Int64(current))),
            .init("hint", Self.optional(hint)),
            .init("hasMoreHints", .bool(hasMoreHints)), .init("mistake", Self.optional(mistake)),
            .init("question", step == nil ? question : .null), .init("isDone", .bool(isDone)),
        ])
    }

    private var question: JSONValue {
        .object([
            .init("text", .string(lesson.question.text)),
            .init("choices", .array(lesson.question.choices.map { .string($0.text) })),
            .init("chosen", chosen.map { .integer(Int64($0)) } ?? .null),
            .init("verdict", Self.optional(verdict?.verdict)),
            .init("isRight", verdict.map { .bool($0.isRight) } ?? .null),
        ])
    }

    private static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
