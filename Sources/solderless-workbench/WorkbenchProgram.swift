import ArgumentParser
import Bench
import Files
import Line
import Logging
import Ports
import ScenarioFiles
import Scenarios
import Words
import Workbench

#if canImport(Glibc)
    import Glibc
#endif

@main
enum Main {
    static func main() async {
        do {
            try await WorkbenchProgram.parse().run()
        } catch {
            let code = WorkbenchProgram.exitCode(for: error)
            // Help and version.
            guard code != .success else { WorkbenchProgram.exit(withError: error) }
            let message = WorkbenchProgram.fullMessage(for: error)
            let isHeaded = message.hasPrefix("Error: ")
            if !message.isEmpty { StandardErrorLog.write(isHeaded ? "e" + message.dropFirst() : message) }
            exit((code == .validationFailure ? WorkbenchProgram.usage : code).rawValue)
        }
    }
}

struct WorkbenchProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solderless-workbench",
        abstract: "A bench in the browser: wires, power, the chip, and what crosses the line.",
        discussion: """
            The first line on standard output is the page's address; open it in a browser on this machine. No browser is \
            started. The port is emulated as `solderless emulate` does it, so that any flasher can be used on it, and \
            `solderless ctl` works. ^C ends it. docs/workbench.md has more.
            """, version: "0.1.0")

    @Option(help: ArgumentHelp("The page's port on 127.0.0.1; 0 for any that is free.", valueName: "number"))
    var port: UInt16 = 8660

    @Option(help: "The board: \(Catalogue.boardNames.joined(separator: ", ")).")
    var board = WorkbenchPlan.usualBoard

    @Option(
        help: ArgumentHelp(
            "Begin with a bench that has something wrong with it: one of `solderless scenarios`, or a file.",
            valueName: "name|file"))
    var scenario: String?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Begin with all wires plugged where they belong. (default: all loose)")
    var wired = false

    @Option(
        help: ArgumentHelp(
            "Symbolic link to the emulated port. (default: ecr6600 in the runtime folder)", valueName: "path"))
    var link: String?

    @Flag(help: "Make no link; the emulated port then has no name but /dev/pts/N.")
    var noLink = false

    mutating func validate() throws {
        guard Catalogue.boardNames.contains(board) else {
            throw ValidationError(
                "--board: there is no board \(board)\(Nearest.advice(for: board, among: Catalogue.boardNames))")
        }
        guard link == nil || !noLink else { throw ValidationError("--link contradicts --no-link") }
        guard link != "" else { throw ValidationError("--link takes a path, which is empty here") }
        guard scenario == nil || !wired else {
            throw ValidationError("--wired contradicts --scenario, which says itself what is plugged")
        }
    }

    /// As `solderless` has them: 2 for wrong usage, 3 for what failed around it.
    static let usage = ExitCode(2)
    private static let environment = ExitCode(3)

    func run() async throws {
        ignoreBrokenPipe()
        ignoreFileSizeLimit()
        letQuitEnd()
        do {
            let plan = try plan()
            try await Workbench.run(plan, log: Self.log) { url, emulated in
                let line = Array("\(url)\n".utf8)
                _ = Glibc.write(STDOUT_FILENO, line, line.count)
                Self.say("port: \(emulated)")
                Self.say("open the page in a browser on this machine; ^C ends it")
            }
        } catch {
            Self.say("error: \(error)")
            throw error is FaultError ? Self.usage : Self.environment
        }
    }

    private func plan() throws -> WorkbenchPlan {
        let found = try scenario.map { name in
            guard name.contains("/") || name.contains(".") else { return try Catalogue.scenario(name) }
            return try ScenarioFile.scenario(
                parsing: FileStore.read(path: name, limit: YAMLReader.mostBytes), file: name)
        }
        var plan = try WorkbenchPlan(
            board: try Catalogue.board(found?.board ?? board), scenario: found, seed: seed, isWired: wired,
            link: link ?? (noLink ? nil : PseudoTerminal.defaultLink(name: "ecr6600")), program: Self.solderless,
            programVersion: Self.configuration.version)
        plan.port = port
        plan.emulation.commandLine = CommandLine.arguments.joined(separator: " ")
        return plan
    }

    /// `solderless`, beside this program.
    private static var solderless: String {
        let here = linkTarget(of: "/proc/self/exe") ?? CommandLine.arguments[0]
        return "\(folderAndName(of: here).folder)/solderless"
    }

    private static var log: Logger {
        Logger(label: "solderless") { _ in StandardErrorLog() }
    }

    private static func say(_ line: String) { StandardErrorLog.write(line) }
}

/// Warnings and errors on standard error.
private struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    func log(event: LogEvent) {
        Self.write("\(event.level == .warning ? "warning" : "error"): \(event.message)")
    }

    /// It comes from the thread that keeps the line's time: what finds no room is dropped.
    static func write(_ line: String) {
        var polled = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&polled, 1, 0) > 0 else { return }
        let bytes = Array((legible(line) + "\n").utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, min(bytes.count, 4096))
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
