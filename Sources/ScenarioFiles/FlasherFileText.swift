package import Scenarios
import Words

extension FlasherFile {
    /// A file that `flasher(parsing:file:)` reads as this flasher, with a comment on each line.
    package static func text(of flasher: FlasherProgram) -> String {
        var lines: [(text: String, comment: String)] = [
            ("solderless: 1", "the version of the file's format"),
            ("kind: flasher", ""),
            ("name: \(yamlQuotation(flasher.name))", "as reports have it"),
        ]
        if !flasher.about.isEmpty { lines.append(("about: \(yamlQuotation(flasher.about))", "what it is")) }
        if !flasher.settings.isEmpty {
            lines.append(("settings:", "what else stands in braces; --set NAME=VALUE changes it"))
            lines += flasher.settings.sorted { $0.key < $1.key }.map { ("  \($0.key): \(yamlQuotation($0.value))", "") }
        }
        lines.append(("commands:", "any of \(commandKeys.joined(separator: ", "))"))
        for key in commandKeys {
            guard let task = Scenario.Task(commandName: key), let words = flasher.commands[task] else { continue }
            lines.append(("  \(key): [\(words.map(yamlQuotation).joined(separator: ", "))]", comment(on: task)))
        }
        lines.append(("baud: \(flasher.baud)", "what {baud} is, unless the scenario is about a rate"))
        lines += signs("success", flasher.success, "exit codes that claim success", "one of them is printed as well")
        if flasher.failure == FlasherProgram.Signs() {
            lines.append(("# failure: {codes: [1]}", "by default any other code is a failure"))
        } else {
            lines += signs("failure", flasher.failure, "exit codes that report a failure", "or one of them is printed")
        }
        if let prompt = flasher.powerPrompt {
            lines.append(("power-prompt:", "the scenario switches the power where this is printed"))
            lines.append(("  text: \(yamlQuotation(prompt.text))", ""))
            if !prompt.answer.isEmpty { lines.append(("  answer: \(yamlQuotation(prompt.answer))", "typed then")) }
        } else {
            lines.append(
                ("# power-prompt: {text: now power the device}", "what it prints where a person switches the power"))
        }
        let heading = "# How a flasher is called, for solderless check --flasher; docs/check.md has more.\n"
        return heading + lines.map(line).joined()
    }

    private static func signs(
        _ key: String, _ signs: FlasherProgram.Signs, _ onCodes: String, _ onTexts: String
    ) -> [(text: String, comment: String)] {
        var lines = [("\(key):", ""), ("  codes: \(signs.codes)", onCodes)]
        if !signs.texts.isEmpty {
            lines.append(("  texts: [\(signs.texts.map(yamlQuotation).joined(separator: ", "))]", onTexts))
        }
        return lines
    }

    private static func comment(on task: Scenario.Task) -> String {
        switch task {
        case .info: "says what it finds, and changes nothing"
        case .backup: "{out} is the file that it writes"
        case .write: "{image} is the file that it is given"
        case .erase: "{length} bytes from {address} on"
        case .verify: "compares the flash from {address} on with {image}"
        }
    }

    /// Wide enough for most lines; a comment beside a longer one follows it.
    private static func line(_ text: String, _ comment: String) -> String {
        comment.isEmpty ? "\(text)\n" : "\(Format.left(text, 44))  # \(comment)\n"
    }
}
