import ArgumentParser
import Bench
import Files
import Ports
import Scenarios

struct EmulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulate",
        abstract: "Put a chip on a pseudo-terminal until ^C or SIGTERM.",
        discussion: "The first line on standard output is the port, for scripts to read.")

    @OptionGroup var options: EmulationOptions

    @Flag(name: .shortAndLong, help: "Say only what goes wrong.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell on standard error what happens on the line, too, as it happens.")
    var verbose = false

    mutating func validate() throws {
        guard !quiet || !verbose else { throw ValidationError("--quiet contradicts --verbose: leave one out") }
    }

    func run() throws {
        let signals = try SignalPipe()
        let plan = try options.plan(linksByDefault: true)
        let emulation = try Emulation(
            plan, log: ConsoleLog.logger(isQuiet: quiet), story: verbose ? ConsoleLog.story : nil)
        Console.print(emulation.link ?? emulation.path)
        if let warning = plan.setup.scenario.flashID.communityStubRemark { Console.log("warning: \(warning)") }
        if !quiet {
            Console.log("port: \(emulation.path)\(emulation.link.map { " (\($0))" } ?? "")")
            Console.log("chip: \(options.summary(of: plan))")
            Console.log("seed: \(options.seed)")
        }
        let ending = try emulation.run(alsoWaitingFor: [signals.pollDescriptor]) { ready in
            ready[0].contains(.readable)
        }
        if ending == .unplugged {
            Console.log("the adapter was pulled out, as the line's conditions say: nothing is left")
        }
        // A flash that nobody wrote to has no file.
        if !quiet, let flash = options.flash, FileStore.wouldReplace(path: flash) {
            Console.log("flash: \(flash) is as the chip has it")
        }
        if !quiet, let trace = options.trace { Console.log("trace: \(trace)") }
    }
}
