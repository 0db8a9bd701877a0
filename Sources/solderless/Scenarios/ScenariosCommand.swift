import ArgumentParser

struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios",
        abstract: "What can be emulated: scenarios, faults, boards, chips.",
        discussion: "docs/scenarios.md describes how to write a scenario.",
        subcommands: [
            ScenariosListCommand.self, ScenariosShowCommand.self, ScenariosCheckCommand.self,
            ScenariosFaultsCommand.self, ScenariosSchemaCommand.self, ScenariosBoardsCommand.self,
            ScenariosChipsCommand.self,
        ],
        defaultSubcommand: ScenariosListCommand.self)
}
