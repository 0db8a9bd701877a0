import ArgumentParser
import Bench
import Scenarios
import Subprocess
import SystemPackage

struct RunCommand: AsyncParsableCommand {
    static let name = "run"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Start a chip, run a command against it, and exit with the command's exit code.",
        discussion: """
            {port} in the command is replaced by the port, which is also in SOLDERLESS_PORT. SOLDERLESS_CONTROL names \
            the chip for solderless ctl, for example to switch its power. Input and output of the command pass \
            through. Exit codes of run itself: 124 timed out, 125 wrong usage or the emulation failed, 126 the \
            command cannot be executed, 127 it was not found; 128 + n when signal n ended it.

            Example: solderless run --power-after 0.5 -- my-flasher --port {port} write image.bin
            """)

    @OptionGroup var options: EmulationOptions

    @Option(help: ArgumentHelp("End the command after this long, with exit code 124.", valueName: "seconds"))
    var timeout: Double?

    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Print what happens on the line and in the chip, as it happens, on standard error."))
    var verbose = false

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    mutating func validate() throws {
        guard !command.isEmpty else { throw ValidationError("no command given; put it after --") }
        if let timeout, !(0.001...604_800).contains(timeout) {
            throw ValidationError("--timeout takes 0.001 to 604800 seconds, not \(timeout)")
        }
    }

    func run() async throws {
        let child = Child()
        let emulation: EmulationThread
        let plan: EmulationPlan
        do {
            // Several of these run side by side in CI: no link unless one is asked for.
            plan = try options.plan(linksByDefault: false)
            emulation = try await EmulationThread.start(
                plan, log: ConsoleLog.logger(isQuiet: !verbose), story: verbose ? ConsoleLog.story : nil,
                heardSignal: child.forward)
        } catch {
            Console.complain("\(error)")
            throw ExitCode.runFailed
        }
        if let warning = plan.setup.scenario.flashID.communityStubRemark { Console.log("warning: \(warning)") }
        if verbose { Console.log("chip: \(options.summary(of: plan)), seed \(options.seed)") }
        let port = emulation.link ?? emulation.path
        let code = await child.run(
            command.map { $0.replacing("{port}", with: port) }, port: port, control: emulation.control, timeout: timeout
        )
        do {
            try await emulation.stop()
        } catch {
            Console.complain("\(error)")
            throw code == 0 ? ExitCode.runFailed : ExitCode(code)
        }
        throw ExitCode(code)
    }
}
