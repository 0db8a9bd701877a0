package import Scenarios
import Words

/// A flasher that is not ours, as a file: `emulator/flashers/*.yaml`, and whatever somebody writes by `docs/check.md`.
package enum FlasherFile {
    package static let keys = ["name", "about", "commands", "settings", "baud", "success", "failure", "power-prompt"]
    static let commandKeys = ["info", "read", "write", "erase", "verify"]
    static let signKeys = ["codes", "texts"]
    static let promptKeys = ["text", "answer"]

    /// Reads a flasher. - Throws: `FileProblem`.
    package static func flasher(parsing bytes: [UInt8], file: String) throws(FileProblem) -> FlasherProgram {
        let section = try YAMLReader.section(of: bytes, file: file, kind: "flasher", keys: keys)
        var flasher = FlasherProgram(name: try section.value("name").name())
        flasher.about = try section.optional("about")?.text() ?? ""
        flasher.settings = try section.optional("settings")?.settings() ?? [:]
        flasher.commands = try section.value("commands").commands(flasher.settings)
        if let baud = section.optional("baud") { flasher.baud = try baud.number(in: 300...10_000_000) }
        if let success = section.optional("success") { flasher.success = try success.signs(usually: [0]) }
        if let failure = section.optional("failure") {
            flasher.failure = try failure.signs(usually: [])
            let both = flasher.success.codes.first(where: flasher.failure.codes.contains)
            if let both { throw failure.problem("exit code \(both) stands for success already") }
            let text = flasher.success.texts.first(where: flasher.failure.texts.contains)
            if let text { throw failure.problem("\(quotedExcerpt(text)) stands for success already") }
        }
        flasher.powerPrompt = try section.optional("power-prompt")?.prompt()
        return flasher
    }
}

extension YAMLValue {
    fileprivate func commands(_ settings: [String: String]) throws(FileProblem) -> [Scenario.Task: [String]] {
        let section = try section(FlasherFile.commandKeys)
        var commands: [Scenario.Task: [String]] = [:]
        for key in FlasherFile.commandKeys {
            guard let value = section.optional(key), let task = Scenario.Task(commandName: key) else { continue }
            let words = try value.words()
            guard words.contains(where: { $0.contains("{port}") }) else {
                throw value.problem("the command has no {port}: the program would not know where the chip is")
            }
            if task == .backup, !words.contains(where: { $0.contains("{out}") }) {
                throw value.problem("a read has {out}, the file that it writes: it is compared with the flash")
            }
            commands[task] = words
        }
        guard !commands.isEmpty else { throw problem("no command is named") }
        return commands
    }

    /// A list of words, or one line that is cut at blanks.
    private func words() throws(FileProblem) -> [String] {
        var words: [String] = []
        if case .text(let line) = content {
            guard !line.contains(where: { "\"'\\".contains($0) }) else {
                throw problem("a command with quotes is written as a list: [program, \"an argument\"]")
            }
            words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        } else {
            for item in try list() { words.append(try item.text()) }
        }
        guard let first = words.first, !first.isEmpty, words.count <= 100 else {
            throw problem("a command has 1 to 100 words, the program's name first")
        }
        return words
    }

    fileprivate func settings() throws(FileProblem) -> [String: String] {
        guard case .section(let entries) = content else {
            throw problem("expected a section with keys, found \(content.kind)")
        }
        var settings: [String: String] = [:]
        for (key, value) in entries {
            guard FlasherProgram.isPlaceholder(key) else {
                throw value.problem("\(quotedExcerpt(key)) is no name: letters and -")
            }
            guard !FlasherProgram.placeholders.contains(key) else {
                throw value.problem("{\(key)} stands for something else already")
            }
            settings[key] = try value.text()
        }
        return settings
    }

    fileprivate func signs(usually codes: [Int]) throws(FileProblem) -> FlasherProgram.Signs {
        let section = try section(FlasherFile.signKeys)
        var signs = FlasherProgram.Signs(codes: codes)
        if let value = section.optional("codes") {
            signs.codes = []
            for item in try value.list() { signs.codes.append(try item.number(in: 0...255)) }
        }
        if let value = section.optional("texts") {
            for item in try value.list() { signs.texts.append(try item.lookedFor()) }
        }
        return signs
    }

    fileprivate func prompt() throws(FileProblem) -> FlasherProgram.PowerPrompt {
        let section = try section(FlasherFile.promptKeys)
        return FlasherProgram.PowerPrompt(
            text: try section.value("text").lookedFor(), answer: try section.optional("answer")?.text() ?? "")
    }

    /// A text that is looked for in what a program prints.
    private func lookedFor() throws(FileProblem) -> String {
        let text = try text()
        guard (1...FlasherProgram.longestText).contains(text.utf8.count), text.unicodeScalars.allSatisfy(\.isPrintable)
        else {
            throw problem("a text that is looked for has 1 to \(FlasherProgram.longestText) bytes, all on one line")
        }
        return text
    }
}
