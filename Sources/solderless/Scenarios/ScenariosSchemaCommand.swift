import ArgumentParser
import ScenarioFiles

struct ScenariosSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of scenario files, for editors.",
        discussion: """
            With it an editor completes keys and values. Editors with the YAML language server find it by a comment \
            in the file: "# yaml-language-server: $schema=scenario.schema.json".
            """)

    func run() throws {
        Console.write(String(decoding: Catalogue.scenarioSchema, as: UTF8.self), to: 1)
    }
}
