import Check
import Faults
import Lessons
import Line
import Scenarios
import Testing
import Wire

@testable import ScenarioFiles

/// Lessons as files, and what is said of wrong ones.
@Suite struct LessonFileTests {
    private static let head = """
        ---
        solderless: 1
        kind: lesson
        title: A title
        about: About it.
        bench:
          board: tnce-plug
          wires: {adapter-gnd: gnd}
          adapter: 1.8 V
          supply: "on"
          flash: erased
          faults: [loose-wire]
          seed: 7
        ---
        <!-- where it
        comes from -->
        Some *text*.<!-- here, too -->

        ```
        ## no heading
        <!-- no comment -->
        ```

        """
    private static let question = """
        ## Question

        Which?

        - [ ] this one — because
          it is not
        - [x] that one — since it is
        """

    private static func text(
        head: String = head, step: String = "expect: {supply: \"off\"}", question: String = question
    ) -> String {
        "\(head)\n## A step\n\nDo it.\n\n```step\n\(step)\n```\n\nMore.\n\n\(question)\n"
    }

    private static func read(_ text: String, file: String = "07-made-up.md") throws -> Lesson {
        try LessonFile.lesson(parsing: Array(text.utf8), file: file)
    }

    @Test func everythingIsRead() throws {
        let lesson = try Self.read(Self.text())
        #expect(
            lesson.number == 7 && lesson.name == "made-up" && lesson.title == "A title" && lesson.about == "About it.")
        #expect(lesson.intro == "Some *text*.\n\n```\n## no heading\n<!-- no comment -->\n```")
        #expect(lesson.bench.board?.name == "tnce-plug" && lesson.bench.contents == .erased && lesson.bench.seed == 7)
        var hookup = Hookup.loose
        hookup[.adapterGround] = .ground
        (hookup.adapterLevel, hookup.isSupplyOn, hookup.switchedOn) = (1800, true, [FaultChoice("loose-wire")])
        #expect(lesson.bench.hookup == hookup)
        #expect(lesson.steps.map(\.title) == ["A step"] && lesson.steps[0].text == "Do it.\n\n\nMore.")
        #expect(lesson.question.text == "Which?")
        #expect(
            lesson.question.choices == [
                .init("this one", verdict: "because it is not", isRight: false),
                .init("that one", verdict: "since it is", isRight: true),
            ])
    }

    @Test func aStepIsRead() throws {
        let step = try Self.read(
            Self.text(
                step: """
                    expect: {backups: 2}
                    hints: ["one", "two
                      lines"]
                    mistakes:
                      - when: {flash: changed, not: {backups: 1}}
                        say: "No."
                    solution: [flash backup, wait 0.5 s]
                    """)
        ).steps[0]
        #expect(step.expectation == BenchExpectation([.backups(2)]) && step.hints == ["one", "two lines"])
        let sign = BenchExpectation([.flash(.changed), .not(BenchExpectation([.backups(1)]))])
        #expect(step.mistakes == [.init(sign, "No.")])
        #expect(step.solution == [.flash(.backup(nil)), .wait(.milliseconds(500))])
    }

    @Test(
        arguments: [
            ("wires: {adapter-tx: gpio5, adapter-gnd: loose}", [.wire(.adapterTX, .rxd), .wire(.adapterGround, nil)]),
            ("adapter: 1.8 V", [.adapter(1800)]), ("supply: \"on\"", [.supply(isOn: true)]),
            ("power: \"off\"", [.power(isOn: false)]),
            ("runs: mask ROM", [.runs("mask ROM")]), ("faults: []", [.faults([])]),
            ("faults: [loose-wire]", [.faults(["loose-wire"])]),
            ("flash: image", [.flash(.image)]), ("step: sync-answer", [.step(.syncAnswer, count: 1)]),
            ("step: {name: block-ack, count: 3}", [.step(.blockAck, count: 3)]),
            ("host-sends: sync", [.hostSends(.sync, count: 1)]),
            ("host-receives: noise", [.hostReceivesNoise]), ("silence: 3 s", [.silence(.seconds(3))]),
            ("gives-up: \"true\"", [.givesUp(true)]), ("opens: 2", [.opens(2)]), ("power-cycles: 1", [.powerCycles(1)]),
            ("resets: 1", [.resets(1)]), ("backups: 2", [.backups(2)]), ("verified: \"true\"", [.verified(true)]),
            ("says: OpenBeken", [.says("OpenBeken")]),
            (
                "any: [{backups: 1}, {resets: 1}]",
                [.any([BenchExpectation([.backups(1)]), BenchExpectation([.resets(1)])])]
            ),
            ("not: {backups: 1}", [.not(BenchExpectation([.backups(1)]))]),
        ] as [(String, [BenchExpectation.Condition])])
    func eachConditionIsRead(text: String, conditions: [BenchExpectation.Condition]) throws {
        let value = try YAMLReader.value(of: Array(text.utf8), file: "test")
        #expect(try value.expectation() == BenchExpectation(conditions))
    }

    @Test(arguments: [
        (
            text(step: "expect: {suply: \"on\"}"),
            "07-made-up.md:29: expect.suply: this key is not known here; did you mean \"supply\""
        ),
        (text(step: "expect: {step: sync-anser}"), "did you mean \"sync-answer\""),
        (text(step: "expect: {supply: on}"), "put it in quotes"),
        (text(step: "expect: {}"), "there is nothing to hold"),
        (text(step: "expect: {wires: {adapter-tx: gpio7}}"), "is not known here"),
        (text(step: "expect: {runs: firmware}"), "is not known here"),
        (text(step: "expect: {faults: [worn-sector]}"), "is not known here"),
        (text(step: "hints: [a]"), "the key \"expect\" is missing"),
        (
            text(step: "expect: {backups: 1}\nsolution: [flash bakup]"),
            "07-made-up.md:30: solution[0]: \"bakup\" is nothing that"
        ),
        (text(step: "expect: {backups: 1}\nhints: [\"a\\e[1m\"]"), "U+1B"),
        (text(step: "expect: {backups: 1}\n```\n\n```step\nexpect: {backups: 1}"), "a step has one step block"),
        (text(head: head.replacing("kind: lesson", "kind: board")), "kind: \"board\" is not known here"),
        (text(head: head.replacing("flash: erased", "flash: rased")), "07-made-up.md:11: bench.flash"),
        (text(head: head.replacing("board: tnce-plug", "board: tnce-plugg")), "did you mean \"tnce-plug\""),
        (text(head: head.replacing("adapter: 1.8 V", "adapter: 2 V")), "one of 1.8 V, 3.3 V, 5 V"),
        (text(head: "No front matter."), "07-made-up.md:1: a lesson begins with front matter"),
        (text(head: head + "<!-- open"), "this comment has no end"),
        (text(head: head + "```\nopen"), "this block has no end"),
        (text(question: "## Answer\n\n- [x] a — b"), "the last heading is \"## Question\""),
        (
            text(question: "## Question\n\nWhich?\n\n- [x] one — only"),
            "a question has 2 to 9 answers, and one of them is right"
        ),
        (text(question: question.replacing("[ ]", "[x]")), "one of them is right"),
        (
            text(question: question.replacing(" — since it is", "")),
            "07-made-up.md:40: an answer and why it is right or wrong"
        ),
        (text(question: question.replacing("- [ ]", "-")), "an answer begins with \"- [ ] \""),
        (text(question: question + "\nMore."), "nothing follows the answers"),
        (text(question: question.replacing("Which?", "")), "there is no question"),
        (head + "\n" + question, "there is no step before the question"),
        (text(question: "## Another\n\nDo.\n\n" + question), "this step has no ```step block"),
        (text(head: head.replacing("Some", "So\u{7}me")), "07-made-up.md:17: the character U+7"),
    ])
    func whatIsWrongIsSaidWhere(text: String, complaint: String) {
        #expect {
            try Self.read(text)
        } throws: { error in
            let words = "\(error)"
            if !words.contains(complaint) { Issue.record("\(words)") }
            return true
        }
    }

    @Test(arguments: ["lesson.md", "7-short.md", "00-zero.md", "07-made-up.txt", "07-.md", "07-a b.md", ""])
    func aFileHasANumberAndAName(file: String) {
        #expect(throws: FileProblem.self) { try Self.read(Self.text(), file: file) }
    }

    @Test func thoseThatShipAreRightAndInTheirOrder() throws {
        let lessons = try Catalogue.lessons()
        #expect(lessons.map(\.number) == Array(1...12) && lessons.map(\.name) == Catalogue.lessonNames)
        for lesson in lessons {
            #expect(try Catalogue.lesson(lesson.name) == lesson)
            #expect(lesson.steps.allSatisfy { !$0.hints.isEmpty && !$0.solution.isEmpty }, "\(lesson.name)")
        }
        #expect(throws: FileProblem.self) { try Catalogue.lesson("power-windw") }
    }

    /// Whatever is in a file, it is taken or refused with a word about where.
    @Test(arguments: UInt64(1)...100)
    func survivesChangedBytes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var bytes = Array(Self.text().utf8)
        let marks = Array("{}[]:,-#\"'`<>!\n —x".utf8)
        for _ in 0...generator.next(below: 6) {
            let place = Int(generator.next(below: UInt64(bytes.count)))
            switch generator.next(below: 3) {
            case 0: bytes[place] = marks[Int(generator.next(below: UInt64(marks.count)))]
            case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            default: bytes.removeSubrange(place..<min(bytes.count, place + Int(generator.next(below: 40))))
            }
        }
        do {
            _ = try LessonFile.lesson(parsing: bytes, file: "07-made-up.md")
        } catch {
            #expect(error.description.hasPrefix("07-made-up.md") && error.description.utf8.count < 2000)
        }
    }

    /// A comment or a block that never ends, or thousands of them, take no longer than reading does.
    @Test func longFilesAreReadInNoTime() {
        let clock = ContinuousClock()
        let begin = clock.now
        for filling in [
            "<!-- a -->", "<!--", "```\n```\n", "## a\n", "- [ ] a — b\n", String(repeating: "é—", count: 20),
        ] {
            let text = Self.head + "\n" + String(repeating: filling, count: 100_000 / filling.utf8.count)
            _ = try? Self.read(text)
        }
        #expect(begin.duration(to: clock.now) < .seconds(20))
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        var (result, rest) = ("", self[...])
        while let place = rest.indices.first(where: { rest[$0...].hasPrefix(old) }) {
            result += rest[..<place] + new
            rest = rest[rest.index(place, offsetBy: old.count)...]
        }
        return result + rest
    }
}
