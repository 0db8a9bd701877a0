import Embedded
import Emulator
package import Lessons
package import Scenarios
import Words

/// The chips, boards and scenarios that the program carries inside itself.
package enum Catalogue {
    private static let boards = EmbeddedFile.all(in: "emulator/boards")
    private static let chips = EmbeddedFile.all(in: "emulator/chips")
    private static let flashers = EmbeddedFile.all(in: "emulator/flashers")
    private static let lessonFiles = EmbeddedFile.all(in: "emulator/lessons")
    private static let scenarios = EmbeddedFile.all(in: "emulator/scenarios", ending: "yaml")

    /// Chips that a board can name.
    package static let chipNames = ["ecr6600"]
    /// Boards, by name.
    package static let boardNames = boards.map(\.name)

    /// The flash parts. - Throws: `FileProblem`, never for what we ship.
    package static func flashParts() throws(FileProblem) -> FlashParts {
        try FlashParts(parsing: file("flash-parts", of: chips), file: "flash-parts.yaml")
    }

    /// A chip. - Throws: `FileProblem`, also for a name that is none of `chipNames`.
    package static func chip(_ name: String) throws(FileProblem) -> ChipDescription {
        try ChipDescription(parsing: file(name, of: chips), file: "\(name).yaml")
    }

    /// A board. - Throws: `FileProblem`, also for a name that is none of `boardNames`, and for parts that lack its flash.
    package static func board(_ name: String, parts: FlashParts? = nil) throws(FileProblem) -> Board {
        let known: FlashParts
        if let parts { known = parts } else { known = try flashParts() }
        return try Board(parsing: file(name, of: boards), file: "\(name).yaml", parts: known)
    }

    /// Lessons, by name, in their order.
    package static let lessonNames = lessonFiles.map { String($0.name.dropFirst(3)) }

    /// All lessons, in their order. - Throws: `FileProblem`, never for what we ship.
    package static func lessons() throws(FileProblem) -> [Lesson] {
        var lessons: [Lesson] = []
        for file in lessonFiles {
            lessons.append(try LessonFile.lesson(parsing: file.bytes, file: "\(file.name).md"))
        }
        return lessons
    }

    /// A lesson. - Throws: `FileProblem`, also for a name that is not in `lessonNames`.
    package static func lesson(_ name: String) throws(FileProblem) -> Lesson {
        guard let place = lessonNames.firstIndex(of: name) else {
            let advice = Nearest.advice(for: name, among: lessonNames)
            throw FileProblem(file: name, line: 0, key: "", message: "there is no lesson of that name\(advice)")
        }
        let file = lessonFiles[place]
        return try LessonFile.lesson(parsing: file.bytes, file: "\(file.name).md")
    }

    /// Flashers that can be called, by name.
    package static let flasherNames = flashers.map(\.name)

    /// A flasher's file. - Throws: `FileProblem`, also for a name that is none of `flasherNames`.
    package static func flasherFile(_ name: String) throws(FileProblem) -> [UInt8] {
        try file(name, of: flashers)
    }

    /// A flasher in Python, and its file: `solderless check demo` plants its bugs.
    package static let carefulFlasher: [UInt8] = EmbeddedFile.bytes(of: "emulator/planted/careful.yaml")
    package static let carefulProgram: [UInt8] = EmbeddedFile.bytes(of: "emulator/planted/careful.py")

    /// Scenarios, by name, in the order in which a list has them.
    package static let scenarioNames = scenarios.map(\.name)

    /// A scenario. - Throws: `FileProblem`, also for a name that is none of `scenarioNames`.
    package static func scenario(_ name: String, parts: FlashParts? = nil) throws(FileProblem) -> Scenario {
        try ScenarioFile.scenario(
            parsing: scenarioFile(name), file: "\(name).yaml", parts: parts)
    }

    /// A scenario's file, as somebody may copy and change it. - Throws: `FileProblem`, as `scenario`.
    package static func scenarioFile(_ name: String) throws(FileProblem) -> [UInt8] {
        try file(name, of: scenarios)
    }

    /// What an editor can hold a scenario's file against: JSON Schema, draft 2020-12.
    package static let scenarioSchema: [UInt8] = EmbeddedFile.bytes(
        of: "emulator/scenarios/scenario.schema.json")

    private static func file(_ name: String, of files: [EmbeddedFile]) throws(FileProblem) -> [UInt8] {
        guard let file = files.first(where: { $0.name == name }) else {
            let advice = Nearest.advice(for: name, among: files.map(\.name))
            throw FileProblem(
                file: name, line: 0, key: "", message: "nothing of that name comes with solderless\(advice)")
        }
        return file.bytes
    }
}
