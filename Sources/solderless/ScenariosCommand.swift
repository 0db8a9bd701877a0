import ArgumentParser

struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios",
        abstract: "List the boards and chips that can be emulated.",
        subcommands: [ScenariosBoardsCommand.self, ScenariosChipsCommand.self])
}
