import ArgumentParser

struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios",
        abstract: "What can be emulated: benches with what is wrong with them, faults, boards, chips.",
        discussion: "How a scenario is written stands in docs/scenarios.md.",
        subcommands: [
            ScenariosListCommand.self, ScenariosShowCommand.self, ScenariosCheckCommand.self,
            ScenariosFaultsCommand.self, ScenariosSchemaCommand.self, ScenariosBoardsCommand.self,
            ScenariosChipsCommand.self,
        ],
        defaultSubcommand: ScenariosListCommand.self)
}
