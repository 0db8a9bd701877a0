/// A flasher that is not ours: how it is called, and what it says. `emulator/flashers/*.yaml`, and what somebody writes by
/// `docs/check.md`.
package struct FlasherProgram: Hashable, Sendable {
    package var name: String
    package var about = ""
    /// The program and its arguments, by what they are for.
    package var commands: [Scenario.Task: [String]] = [:]
    /// What `{NAME}` stands for in them, unless somebody says otherwise.
    package var settings: [String: String] = [:]
    /// What `{baud}` is, unless the scenario or somebody says otherwise.
    package var baud = 921_600
    package var success = Signs(codes: [0])
    /// Without codes: every code that is none of success.
    package var failure = Signs()
    /// What it says when it wants the chip to be powered; nil for one that does not ask.
    package var powerPrompt: PowerPrompt?

    package init(name: String) {
        self.name = name
    }

    /// How a program shows how it ended.
    package struct Signs: Hashable, Sendable {
        package var codes: [Int]
        /// What it prints: one of them is enough.
        package var texts: [String]

        package init(codes: [Int] = [], texts: [String] = []) {
            self.codes = codes
            self.texts = texts
        }
    }

    package struct PowerPrompt: Hashable, Sendable {
        package var text: String
        /// What a person types then; empty for nothing.
        package var answer: String

        package init(text: String, answer: String = "") {
            self.text = text
            self.answer = answer
        }
    }
}

extension FlasherProgram {
    /// What a command can always have in braces, in the order in which help has it.
    package static let placeholders = ["port", "baud", "image", "out", "address", "length"]
    /// In bytes: longer texts are not looked for in what a program prints.
    package static let longestText = 200

    /// Whether a word can stand in braces for something: letters and -.
    package static func isPlaceholder(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") }
    }

    /// The program's, or its script's, without folder and ending.
    package static func name(of words: [String]) -> String {
        let programs = words.prefix { !$0.hasPrefix("-") && !$0.contains("{") }
        let interpreters: Set = ["python", "python3", "node", "mono", "dotnet", "java", "bash", "sh", "env"]
        let names = programs.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let named = names.first { !interpreters.contains($0) } ?? names.first ?? "flasher"
        let stem = named.split(separator: ".").first.map(String.init) ?? named
        let kept = String(stem.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }.prefix(40))
        return kept.isEmpty ? "flasher" : kept
    }

    /// The texts that somebody has to look out for in its output.
    package var texts: [String] { success.texts + failure.texts }
}

extension Scenario.Task {
    /// As a flasher's author calls it.
    package var commandName: String { self == .backup ? "read" : rawValue }

    /// By either name.
    package init?(commandName: String) {
        if commandName == "read" { self = .backup } else { self.init(rawValue: commandName) }
    }
}
