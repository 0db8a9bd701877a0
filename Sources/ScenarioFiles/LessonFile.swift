package import Lessons
import Line
import Scenarios
import Words

/// A lesson as a file: `emulator/lessons/*.md`. Markdown with front matter; each heading of the second level is a step, with a
/// ```step block of YAML, and the last one is the question.
package enum LessonFile {
    /// The keys of the front matter.
    package static let keys = ["title", "about", "bench"]
    package static let benchKeys = ["board", "wires", "adapter", "supply", "flash", "faults", "seed"]
    package static let stepKeys = ["expect", "hints", "mistakes", "solution"]
    /// The heading of the question.
    package static let questionTitle = "Question"

    /// The board of a lesson that names none.
    static let usualBoard = "tnce-plug"

    private static let longestTitle = 80
    private static let mostChoices = 9

    /// Reads a lesson. - Parameter file: `NN-name.md`, in any folder: number and name come from it.
    /// - Throws: `FileProblem`.
    package static func lesson(parsing bytes: [UInt8], file: String) throws(FileProblem) -> Lesson {
        let (number, name) = try place(of: file)
        let pages = try LessonPages(bytes, file: file)
        let head = try YAMLReader.section(of: pages.frontMatter.yaml, file: file, kind: "lesson", keys: keys)
        let bench = try head.optional("bench").map { value throws(FileProblem) in try value.lessonBench() }
        let usual = LessonBench(board: try Catalogue.board(usualBoard))
        guard !pages.intro.text.isEmpty else {
            throw FileProblem(file: file, line: pages.intro.line, key: "", message: "the introduction is missing")
        }
        guard let last = pages.sections.last, last.title == questionTitle else {
            throw FileProblem(
                file: file, line: pages.sections.last?.line ?? pages.intro.line, key: "",
                message: "the last heading is \"## \(questionTitle)\"")
        }
        guard pages.sections.count > 1 else {
            throw FileProblem(file: file, line: last.line, key: "", message: "there is no step before the question")
        }
        var steps: [LessonStep] = []
        for section in pages.sections.dropLast() { steps.append(try step(section, file)) }
        return Lesson(
            name: name, number: number, title: try head.value("title").line(atMost: longestTitle),
            about: try head.value("about").line(atMost: 160), bench: bench ?? usual, intro: pages.intro.text,
            steps: steps, question: try question(last, file))
    }

    /// `04-power-window.md` is number 4, power-window.
    private static func place(of file: String) throws(FileProblem) -> (number: Int, name: String) {
        let base = file.split(separator: "/").last.map(String.init) ?? file
        let digits = base.prefix(2)
        let name = base.dropFirst(3).dropLast(base.hasSuffix(".md") ? 3 : 0)
        guard digits.count == 2, let number = Int(digits), number > 0, base.dropFirst(2).first == "-",
            base.hasSuffix(".md"), (1...40).contains(name.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else {
            throw FileProblem(
                file: file, line: 0, key: "", message: "a lesson's file has a name like 04-power-window.md")
        }
        return (number, String(name))
    }

    // MARK: Steps

    private static func step(_ section: LessonPages.Section, _ file: String) throws(FileProblem) -> LessonStep {
        func problem(_ message: String) -> FileProblem {
            FileProblem(file: file, line: section.line, key: "", message: message)
        }
        guard (1...longestTitle).contains(section.title.count) else {
            throw problem("a heading has 1 to \(longestTitle) characters")
        }
        guard section.title != questionTitle else { throw problem("the question is the last section") }
        guard let part = section.step else { throw problem("this step has no ```step block") }
        guard !section.text.isEmpty else { throw problem("this step has no text") }
        let block = try YAMLReader.value(of: part.yaml, file: file).section(stepKeys)
        var step = LessonStep(
            title: section.title, text: section.text, expectation: try block.value("expect").expectation())
        step.hints =
            try block.optional("hints").map { value throws(FileProblem) in
                try value.each { item throws(FileProblem) in try item.prose() }
            } ?? []
        step.mistakes =
            try block.optional("mistakes").map { value throws(FileProblem) in
                try value.each { item throws(FileProblem) in try mistake(item) }
            } ?? []
        step.solution =
            try block.optional("solution").map { value throws(FileProblem) in
                try value.each { item throws(FileProblem) in try item.command() }
            } ?? []
        return step
    }

    private static func mistake(_ value: YAMLValue) throws(FileProblem) -> LessonStep.Mistake {
        let section = try value.section(["when", "say"])
        return LessonStep.Mistake(try section.value("when").expectation(), try section.value("say").prose())
    }

    // MARK: The question

    /// A text, then a list: `- [ ] a wrong answer — why`, `- [x] the right one — why`.
    private static func question(_ section: LessonPages.Section, _ file: String) throws(FileProblem) -> LessonQuestion {
        func problem(_ line: Int, _ message: String) -> FileProblem {
            FileProblem(file: file, line: line, key: "", message: message)
        }
        if let step = section.step { throw problem(step.firstLine - 1, "the question has no step block") }
        var text: [String] = []
        var items: [(line: Int, isRight: Bool, text: String)] = []
        for (number, line) in section.lines {
            if let mark = ["- [ ] ", "- [x] "].first(where: line.hasPrefix) {
                items.append((number, mark.contains("x"), String(line.dropFirst(mark.count))))
            } else if line.hasPrefix("- ") {
                throw problem(number, "an answer begins with \"- [ ] \", the right one with \"- [x] \"")
            } else if items.isEmpty {
                text.append(String(line))
            } else if line.hasPrefix("  ") {
                items[items.count - 1].text += " " + line.drop { $0 == " " }
            } else if !line.allSatisfy({ $0 == " " }) {
                throw problem(number, "nothing follows the answers")
            }
        }
        var choices: [LessonQuestion.Choice] = []
        for item in items {
            guard let choice = Self.choice(item.text, isRight: item.isRight) else {
                throw problem(item.line, "an answer and why it is right or wrong, with \" — \" between them")
            }
            choices.append(choice)
        }
        guard (2...mostChoices).contains(choices.count), choices.count(where: \.isRight) == 1 else {
            throw problem(section.line, "a question has 2 to \(mostChoices) answers, and one of them is right")
        }
        let question = text.joined(separator: "\n").trimmed
        guard !question.isEmpty else { throw problem(section.line, "there is no question") }
        return LessonQuestion(text: question, choices: choices)
    }

    private static func choice(_ text: String, isRight: Bool) -> LessonQuestion.Choice? {
        let dash: [Character] = [" ", "—", " "]
        let characters = Array(text)
        guard
            let place = characters.indices.first(where: { characters[$0...].starts(with: dash) })
        else { return nil }
        let (answer, verdict) = (String(characters[..<place]).trimmed, String(characters[(place + 3)...]).trimmed)
        return answer.isEmpty || verdict.isEmpty
            ? nil : LessonQuestion.Choice(answer, verdict: verdict, isRight: isRight)
    }
}

extension String {
    fileprivate var trimmed: String {
        let kept = drop(while: \.isWhitespace)
        return kept.lastIndex { !$0.isWhitespace }.map { String(kept[...$0]) } ?? ""
    }
}

extension YAMLValue {
    private static let mostItems = 40

    /// Its items, read one by one. - Throws: `FileProblem`, also for an empty list or a long one.
    func each<Item>(_ read: (YAMLValue) throws(FileProblem) -> Item) throws(FileProblem) -> [Item] {
        let items = try list()
        guard items.count <= Self.mostItems else { throw problem("at most \(Self.mostItems) are allowed") }
        var result: [Item] = []
        for item in items { result.append(try read(item)) }
        return result
    }

    /// A text that people read; lines may be cut anywhere.
    fileprivate func prose() throws(FileProblem) -> String {
        let words = try text().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { throw problem("there is no text") }
        guard let bad = words.unicodeScalars.first(where: { !$0.isPrintable }) else { return words }
        let code = String(bad.value, radix: 16, uppercase: true)
        throw problem("the character U+\(code) is none for a text that people read")
    }

    /// The same on one line of a list.
    fileprivate func line(atMost count: Int) throws(FileProblem) -> String {
        let line = try prose()
        guard line.count <= count else { throw problem("\(line.count) characters are more than \(count)") }
        return line
    }

    fileprivate func command() throws(FileProblem) -> LessonCommand {
        do {
            return try LessonCommand(parsing: text())
        } catch let complaint as LessonCommand.Problem {
            throw problem(complaint.description)
        } catch {
            throw error as? FileProblem ?? problem("\(error)")
        }
    }
}
