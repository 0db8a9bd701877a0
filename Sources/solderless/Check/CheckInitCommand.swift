import ArgumentParser
import Check
import Files
import Foundation
import Reports
import ScenarioFiles
import Scenarios
import Words

struct CheckInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-init",
        abstract: "Write a flasher's file: a few questions, and one run on a good bench.",
        usage: "solderless check init [<options>]",
        discussion: """
            What an option does not say is asked, and read from standard input; an empty line means no. The program is \
            run once where nothing is wrong. If it does well, its file is written, with a comment on each line; \
            docs/check.md has more.

            Example: solderless check init --read "my-flasher --port {port} read {out}"
            """,
        shouldDisplay: false)

    @Option(help: ArgumentHelp("How it is called for a read.", valueName: "command")) var read: String?
    @Option(help: ArgumentHelp("How it is called for a write.", valueName: "command")) var write: String?
    @Option(help: ArgumentHelp("What it prints when it wants the power switched on.", valueName: "text"))
    var powerPrompt: String?
    @Flag(help: "It waits then for the Enter key.") var enter = false
    @Option(help: "What reports call it. (default: the program's name)") var name: String?
    @Option(help: ArgumentHelp("The file. (default: NAME.yaml)", valueName: "file")) var file: String?
    @Flag(help: "Replace a file that is there already.") var overwrite = false
    @Option(
        help: ArgumentHelp(
            "End the run after this long. (default: two minutes more than it needs)", valueName: "seconds"))
    var timeout: Double?

    mutating func validate() throws {
        if let name, !Self.isName(name) {
            throw ValidationError("--name takes 1 to 40 letters, digits, - and _, not \(quotedExcerpt(name))")
        }
        if let powerPrompt, !powerPrompt.isEmpty, !Self.canBeLookedFor(powerPrompt) {
            throw ValidationError("--power-prompt takes up to \(FlasherProgram.longestText) bytes of printable text")
        }
        if let timeout, !(0.1...86_400).contains(timeout) {
            throw ValidationError("--timeout takes 0.1 to 86400 seconds, not \(timeout)")
        }
    }

    func run() async throws {
        var flasher = FlasherProgram(name: "flasher")
        for (task, given, question) in [
            (Scenario.Task.backup, read, Self.readQuestion), (.write, write, Self.writeQuestion),
        ] {
            flasher.commands[task] = try words(given, question) { try Self.check($0, for: task) }
        }
        guard let words = flasher.commands[.backup] ?? flasher.commands[.write] else {
            throw Failure(.usage, "it can neither read nor write, and there is nothing else to judge: name a command")
        }
        flasher.name = name ?? FlasherProgram.name(of: words)
        if let text = powerPrompt ?? Self.answer(Self.promptQuestion), !text.isEmpty {
            guard Self.canBeLookedFor(text) else {
                throw Failure(
                    .usage, "a prompt has up to \(FlasherProgram.longestText) bytes of printable text: \(excerpt(text))"
                )
            }
            let isEnter = enter || (Console.canAsk && Console.ask("Does it wait then for the Enter key?"))
            flasher.powerPrompt = .init(text: text, answer: isEnter ? "\n" : "")
        }
        let path = file ?? "\(flasher.name).yaml"
        try Self.check(flasher, file: path)
        try FileStore.checkReplaceable(path: path)
        guard overwrite || FileStamp(path: path) == nil else {
            throw Failure(
                .usage, "\(printable(path)) is there already: --overwrite replaces it, --file names another")
        }
        try await learn(&flasher)
        try Self.check(flasher, file: path)
        let text = Array(FlasherFile.text(of: flasher).utf8)
        try FileStore.replace(path: path, with: text.span)
        let named = path.contains("/") ? path : "./\(path)"
        Console.error("\(printable(path)) is written. Next: solderless check --flasher \(shellWord(named))")
    }

    // MARK: Questions

    private static let readQuestion = """
        How is it called to read the flash? {port} is the port and {out} the file that it writes; it can also have \
        {baud}, {address} and {length}. Empty: it cannot.
        """
    private static let writeQuestion = """
        And to write? {image} is the file that it is given, {address} where it goes. Empty: it cannot.
        """
    private static let promptQuestion = """
        What does it print when the power is to be switched on? Empty: nothing.
        """

    /// - Returns: nil for an empty line, and at the end of the input.
    private static func answer(_ question: String) -> String? {
        Console.error(Format.wrapped(question, width: 100).joined(separator: "\n"))
        if Console.canAsk { Console.beginAnswer() }
        let line = readLine().map { $0.trimmingCharacters(in: .whitespaces) }
        return line?.isEmpty == false ? line : nil
    }

    /// A command, given or asked for; asked again on a terminal where it cannot be. - Throws: `Failure`.
    private func words(
        _ given: String?, _ question: String, _ check: ([String]) throws -> Void
    ) throws -> [String]? {
        while let line = given ?? Self.answer(question) {
            do {
                guard let words = shellWords(of: line) else {
                    throw Failure(.usage, "a quote is not closed in \(quotedExcerpt(line))")
                }
                guard !words.isEmpty else { return nil }
                try check(words)
                return words
            } catch  where given == nil && Console.canAsk {
                Console.complain("\(error)")
            }
        }
        return nil
    }

    // MARK: What must be right

    /// - Throws: `Failure`.
    private static func check(_ words: [String], for task: Scenario.Task) throws {
        guard !words.contains(where: \.hasStrayBytes) else {
            throw Failure(
                .usage, "the command has bytes that are no UTF-8, which a file cannot hold: rename the program")
        }
        if let name = Placeholders.unknown(in: words, known: FlasherProgram.placeholders).first {
            let advice = Nearest.advice(for: name, among: FlasherProgram.placeholders)
            throw Failure(.usage, "{\(name)} stands for nothing\(advice)")
        }
        for name in ["port"] + (task == .backup ? ["out"] : []) where !Placeholders.isUsed(name, in: words) {
            throw Failure(.usage, "the command has no {\(name)}: \(words.map(shellWord).joined(separator: " "))")
        }
    }

    /// Whether what is written is read as it was. - Throws: `FileProblem`, `Failure`.
    private static func check(_ flasher: FlasherProgram, file: String) throws {
        let read = try FlasherFile.flasher(parsing: Array(FlasherFile.text(of: flasher).utf8), file: file)
        guard read == flasher else {
            throw Failure(.usage, "there is something in a command that \(printable(file)) could not hold")
        }
    }

    private static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    }

    /// Whether the text can stand for something in what a program prints.
    private static func canBeLookedFor(_ text: String) -> Bool {
        (1...FlasherProgram.longestText).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(\.isPrintable)
    }

    // MARK: The run

    /// Runs it once and takes from that how it says that all is well. - Throws: `Failure` when it did not go well.
    private func learn(_ flasher: inout FlasherProgram) async throws {
        let task = flasher.commands[.backup] != nil ? Scenario.Task.backup : .write
        Console.error("It is run once on a good bench, for a \(task.commandName) …")
        let report = try await SingleCheck.report(
            of: flasher, in: CheckSuite.goodBench, task, timeout: timeout,
            again: "solderless check \(CheckSuite.goodBench) --task \(task.commandName)")
        guard let result = report.entries.first?.result else { return }
        let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        for line in lines.suffix(Self.mostLines) { Console.error("  | \(printable(line))") }
        guard result.outcome == .passed, result.claim == .success else {
            let reasons = (result.verdicts.map { "\($0.kind.word): \($0.reason)" } + [result.ending]).first ?? ""
            throw Failure(
                .failed,
                "no file was written: the run on a good bench failed: \(reasons)\n"
                    + "last exchange: \(result.lastExchange)")
        }
        Console.error("It went well, with \(result.ending).")
        if flasher.powerPrompt == nil, let line = lines.first(where: { $0.lowercased().contains("power") }),
            Self.canBeLookedFor(line), Console.canAsk,
            Console.ask("Does “\(line)” ask for the power to be switched on?")
        {
            flasher.powerPrompt = .init(text: line)
        }
        if let line = lines.last, Self.canBeLookedFor(line), Console.canAsk,
            Console.ask("Does it print “\(line)” whenever all is well, and only then?")
        {
            flasher.success.texts = [line]
        }
    }

    /// Of what the program has printed, so many lines are shown.
    private static let mostLines = 12
}
