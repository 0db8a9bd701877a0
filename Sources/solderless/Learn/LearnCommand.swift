import ArgumentParser
import Bench
import Lessons
import Ports
import ScenarioFiles
import Words

struct LearnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn to flash a plug on an emulated bench, lesson by lesson.",
        discussion: """
            Each lesson puts a bench in front of you: plug wires, switch the power, start a flasher, ours or your own at \
            the port that is shown. Each step waits until you have really done it. Type help for the commands and hint \
            for a hint. The lessons also run in a browser: solderless workbench.

            Without a lesson it takes the first that you have not finished. Which you have is kept; --reset forgets it.
            """)

    @Argument(help: "The lesson: its name or its number.") var lesson: String?

    @Flag(help: "List the lessons, and which are done.") var list = false

    @Flag(help: "Forget which lessons are done.") var reset = false

    @Flag(help: "With --list: JSON instead of text; docs/json.md describes it.") var json = false

    @Flag(help: "Do each step by itself, as its solution has it, and show what happens.") var demonstrate = false

    @Option(
        help: ArgumentHelp(
            "Symbolic link to the port, for your own flasher. (default: learn in the runtime folder)",
            valueName: "path"))
    var link: String?

    mutating func validate() throws {
        guard !json || list else { throw ValidationError("--json needs --list") }
        guard lesson == nil || !list else { throw ValidationError("--list takes no lesson") }
    }

    func run() async throws {
        let lessons = try Catalogue.lessons()
        var record = try record()
        if reset { try record.forget() }
        if list { return show(lessons, record.progress) }
        guard !reset || lesson != nil else {
            return Console.print("forgotten: every lesson is new again")
        }
        var next = try lesson.map { try find($0, in: lessons) } ?? record.progress.next(of: lessons) ?? lessons.first
        while let lesson = next {
            let session = try await LearnSession(lesson, of: lessons.count, link: link, demonstrates: demonstrate)
            let ending = try await session.take()
            if session.isDone, !demonstrate { try record.finish(lesson.name) }
            switch ending {
            case .left:
                // A script that has not come to the end has not done it.
                guard session.isDone || Console.canTalk || demonstrate else { throw ExitCode.failed }
                return
            case .again: break
            case .next: next = lessons.first { $0.number == lesson.number + 1 }
            }
            if next == nil { Console.print("That was the last lesson. You have flashed a plug; now a real one.") }
        }
    }

    private func record() throws -> LessonRecord {
        do {
            return try LessonRecord(forgetting: reset)
        } catch let problem as LessonRecord.Unreadable {
            throw Failure(.environment, "\(problem)")
        }
    }

    /// - Throws: `Failure`, with the nearest name.
    private func find(_ name: String, in lessons: [Lesson]) throws -> Lesson {
        if let lesson = lessons.first(where: { $0.name == name || String($0.number) == name }) { return lesson }
        throw Failure(
            .usage,
            "there is no lesson \(quotedExcerpt(name))\(Nearest.advice(for: name, among: lessons.map(\.name))); "
                + "solderless learn --list shows them")
    }

    private func show(_ lessons: [Lesson], _ progress: LessonProgress) {
        guard !json else {
            let rows: [JSONValue] = lessons.map { lesson in
                .object([
                    .init("name", .string(lesson.name)), .init("number", .integer(Int64(lesson.number))),
                    .init("title", .string(lesson.title)), .init("about", .string(lesson.about)),
                    .init("isDone", .bool(progress.isDone(lesson))),
                ])
            }
            return Console.print(JSONValue.report([.init("lessons", .array(rows))]).description)
        }
        for lesson in lessons {
            let sign = progress.isDone(lesson) ? Console.paint("✔", .green) : " "
            Console.print(
                "\(sign) \(Format.right(String(lesson.number), 2))  \(lesson.name.padded(16))\(lesson.title)")
        }
        Console.print("\nsolderless learn NAME takes one; solderless learn goes on where you are.")
    }
}
