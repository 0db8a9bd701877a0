import ArgumentParser
import Bench
import Scenarios
import Subprocess
import SystemPackage

struct RunCommand: AsyncParsableCommand {
    static let name = "run"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Start a chip, run a command against it, end with the command's exit code.",
        discussion: """
            {port} in the command's words stands for the port, which is also in SOLDERLESS_PORT. SOLDERLESS_CONTROL is \
            where solderless ctl finds the chip, to switch its power for instance. The command's input and output pass through. Own exit codes: 124 out of time, 125 wrong usage or the emulation failed, 126 the \
            command cannot be executed, 127 it was not found; 128 + n when signal n ended it.

            Example: solderless run --power-after 0.5 -- my-flasher --port {port} write image.bin
            """)

    @OptionGroup var options: EmulationOptions

    @Option(help: ArgumentHelp("End the command after so many seconds, with exit code 124.", valueName: "seconds"))
    var timeout: Double?

    @Flag(name: .shortAndLong, help: "Tell on standard error what happens on the line and in the chip, as it happens.")
    var verbose = false

    @Argument(parsing: .postTerminator, help: "The command and its arguments, behind --.")
    var command: [String] = []

    mutating func validate() throws {
        guard !command.isEmpty else { throw ValidationError("no command given; put it behind --") }
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
