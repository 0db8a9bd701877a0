import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch a plug being backed up and flashed, and then one that never gets power.",
        discussion: """
            Everything runs over pseudo-terminals and in processes of its own, as it would with a flasher of yours. \
            The files it makes stay in a folder to be looked at.
            """)

    @Option(
        help: ArgumentHelp(
            "The folder for the demo's files; what it made there before is replaced.", valueName: "folder"))
    var output = "demo-output"

    @Option(help: "Decides what is in the plug and in the new firmware.")
    var seed: UInt64 = 1

    func run() async throws {
        let demo = try Demo(folder: output, seed: seed)
        try await demo.perform()
    }
}
