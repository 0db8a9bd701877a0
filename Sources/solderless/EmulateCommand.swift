import ArgumentParser
import Bench
import Ports

struct EmulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulate",
        abstract: "Put a chip on a pseudo-terminal until ^C or SIGTERM.",
        discussion: "The first line on standard output is the port, for scripts to read.")

    @OptionGroup var options: EmulationOptions

    @Flag(name: .shortAndLong, help: "Say only what goes wrong.")
    var quiet = false

    func run() throws {
        let signals = try SignalPipe()
        let emulation = try Emulation(options.plan(), log: ConsoleLog.logger(isQuiet: quiet))
        Console.print(emulation.link ?? emulation.path)
        if !quiet {
            Console.error("port: \(emulation.path)\(emulation.link.map { " (\($0))" } ?? "")")
            Console.error("chip: \(options.summary)")
            Console.error("seed: \(options.seed)")
        }
        try emulation.run(alsoWaitingFor: [signals.pollDescriptor]) { ready in ready[0].contains(.readable) }
        if !quiet, let flash = options.flash { Console.error("flash: \(flash) is as the chip has it") }
        if !quiet, let trace = options.trace { Console.error("trace: \(trace)") }
    }
}
