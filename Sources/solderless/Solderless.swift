import ArgumentParser
import Ports

#if canImport(Glibc)
    import Glibc
#endif

/// The command line. One command a file; what they do lies in the rooms below.
struct Solderless: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "solderless",
        abstract: "Flash practice without a soldering iron: an ECR6600's UART bootloader on a pseudo-terminal.",
        discussion: """
            Data goes to standard output, everything else to standard error.
            Exit codes: 0 good, 1 the thing under test failed or diverged, 2 wrong usage, 3 the environment failed \
            (port, file, permission), 124 timed out.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Begin here",
                subcommands: [DemoCommand.self, LearnCommand.self, WorkbenchCommand.self]),
            CommandGroup(
                name: "Emulate",
                subcommands: [
                    EmulateCommand.self, RunCommand.self, CheckCommand.self, CheckRunCommand.self,
                    CtlCommand.self, SimulateCommand.self, ScenariosCommand.self,
                ] + CheckCommand.commands),
            CommandGroup(name: "Flash", subcommands: [FlashCommand.self, ImageCommand.self]),
            CommandGroup(
                name: "Traces",
                subcommands: [
                    ShowCommand.self, RecordCommand.self, ReplayCommand.self, DiffCommand.self, LintCommand.self,
                    ImportCommand.self, ExportCommand.self,
                ]),
        ])
}

@main
enum Main {
    static func main() async {
        fillClosedStandardDescriptors()
        ignoreBrokenPipe()
        ignoreFileSizeLimit()
        let words = CommandLineWords.joiningCheck(
            CommandLineWords.joiningNegativeNumbers(Array(CommandLineWords.all.dropFirst())))
        letQuitEnd()
        do {
            if let complaint = CommandLineWords.complaintAboutHelp(words) { throw Failure(.usage, complaint) }
            var command = try Solderless.parseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            ExitCode.end(after: error, of: words)
        }
        ExitCode.endWell()
    }
}
