import Bench
import Lessons
import Synchronization
import Words

/// What the page asks of a lesson.
enum LessonRequest: Hashable, Sendable {
    case start(String)
    case hint
    /// From 0.
    case answer(Int)
    case leave
}

/// The lessons, and which of them are done.
final class LessonDesk: Sendable {
    private let lessons: [Lesson]
    /// nil where it cannot be kept.
    private let record: Mutex<LessonRecord?>

    init(_ lessons: [Lesson], record: LessonRecord?) {
        self.lessons = lessons
        self.record = Mutex(record)
    }

    /// All lessons, for `welcome`.
    var list: JSONValue {
        let progress = record.withLock { $0?.progress }
        return .array(
            lessons.map { lesson in
                .object([
                    .init("name", .string(lesson.name)), .init("number", .integer(Int64(lesson.number))),
                    .init("title", .string(lesson.title)),
                    .init("isDone", .bool(progress?.isDone(lesson) ?? false)),
                ])
            })
    }

    /// Carries a request out, on the emulation's thread. - Returns: what the answer has beside the usual.
    /// - Throws: `ControlRefusal`; `PortError`.
    func carryOut(_ request: LessonRequest, _ emulation: Emulation) throws -> [JSONValue.Member] {
        switch request {
        case .start(let name):
            guard let lesson = lessons.first(where: { $0.name == name }) else {
                throw ControlRefusal(
                    .badArgument,
                    "there is no lesson \(quotedExcerpt(name))"
                        + Nearest.advice(for: name, among: lessons.map(\.name)))
            }
            try emulation.begin(lesson, at: .page)
            emulation.noteLesson("lesson \(lesson.number): \(lesson.title)")
        case .leave: emulation.leaveLesson()
        case .hint:
            guard let lesson = emulation.lesson else { throw Self.none }
            emulation.noteLesson(lesson.giveHint() ?? "there is no hint here")
        case .answer(let choice):
            guard let lesson = emulation.lesson else { throw Self.none }
            guard let chosen = lesson.answer(choice) else {
                throw ControlRefusal(.badArgument, "there is no such answer, or no question yet")
            }
            if lesson.run.isDone {
                // What cannot be kept is known as long as this program runs.
                record.withLock { record in try? record?.finish(lesson.run.lesson.name) }
            }
            emulation.noteLesson(chosen.verdict)
        }
        return [.init("lesson", emulation.lesson?.run.json ?? .null)]
    }

    private static let none = ControlRefusal(.badArgument, "no lesson is being taken: start one first")
}
