import ArgumentParser
import Files
import Words

/// The words of a command line, as the parser gets them, and what it says of wrong ones.
enum CommandLineWords {
    /// The words that this program was called with, its own name first: those of `CommandLine.arguments`, which would repair
    /// what is no UTF-8.
    static let all = (0..<Int(CommandLine.argc)).compactMap { index in
        CommandLine.unsafeArgv[index].map { String(systemName: $0) }
    }

    /// Options and negative numbers behind them joined, `--power-after=-1`: the parser would take the number for another
    /// option, and the option's own complaint names its range.
    static func joiningNegativeNumbers(_ words: [String]) -> [String] {
        var joined: [String] = []
        // What stands behind is the words of another program.
        let end = words.firstIndex(of: "--") ?? words.endIndex
        for word in words[..<end] {
            if isNegativeNumber(word), let option = joined.last, option.hasPrefix("--"), !option.contains("=") {
                joined[joined.count - 1] = "\(option)=\(word)"
            } else {
                joined.append(word)
            }
        }
        return joined + words[end...]
    }

    /// `check init` and `check demo` as one word each: the parser would take the second for the name of a scenario, which
    /// `check` takes there.
    static func joiningCheck(_ words: [String]) -> [String] {
        let isHelp = words.first == "help"
        let command = words.dropFirst(isHelp ? 1 : 0).prefix(2)
        guard command.first == CheckCommand.name, let second = command.dropFirst().first,
            let joined = CheckCommand.commands.first(where: { $0.name == "\(CheckCommand.name)-\(second)" })
        else { return words }
        return (isHelp ? ["help"] : []) + [joined.name] + words.dropFirst(isHelp ? 3 : 2)
    }

    private static func isNegativeNumber(_ word: String) -> Bool {
        word.hasPrefix("-") && (word.dropFirst().first.map { $0.isASCII && ($0.isNumber || $0 == ".") } ?? false)
    }

    /// Why the words behind `help` name no command; nil where they do, and where it is no `help`.
    static func complaintAboutHelp(_ words: [String]) -> String? {
        guard words.first == "help" else { return nil }
        return unknownCommand(Array(words.dropFirst().prefix { !$0.hasPrefix("-") }))
    }

    /// The parser's message for a wrong command line, as this program says such things.
    static func message(for error: any Error, _ words: [String]) -> String {
        let message = Solderless.fullMessage(for: error)
        let parsersWord = "Error: "
        guard message.hasPrefix(parsersWord) else { return message }
        var lines = message.dropFirst(parsersWord.count).split(separator: "\n", omittingEmptySubsequences: false)
        if lines[0].hasPrefix("Unexpected argument"), let complaint = unknownCommand(words) {
            lines[0] = Substring(complaint)
        }
        return Console.complaint(lines.joined(separator: "\n"))
    }

    /// Which of the first words is in a command's place and names none.
    private static func unknownCommand(_ words: [String]) -> String? {
        var command: any ParsableCommand.Type = Solderless.self
        for word in words {
            let known = command.configuration.subcommands
            guard !known.isEmpty else { return nil }
            if let next = known.first(where: { $0.name == word }) {
                command = next
            } else {
                guard !word.hasPrefix("-"), word != "help" else { return nil }
                return
                    "there is no command \(quotedExcerpt(word))\(Nearest.advice(for: word, among: known.map { $0.name }))"
            }
        }
        return nil
    }
}

extension ParsableCommand {
    /// As it is typed.
    static var name: String { configuration.commandName ?? "" }
}
