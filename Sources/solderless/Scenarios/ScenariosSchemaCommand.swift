import ArgumentParser
import ScenarioFiles

struct ScenariosSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "The JSON Schema of scenario files, for editors.",
        discussion: """
            With it an editor offers keys and words while a scenario is written. Those that follow the YAML language server \
            take it from a remark in the file: "# yaml-language-server: $schema=scenario.schema.json".
            """)

    func run() throws {
        Console.write(String(decoding: Catalogue.scenarioSchema, as: UTF8.self), to: 1)
    }
}
