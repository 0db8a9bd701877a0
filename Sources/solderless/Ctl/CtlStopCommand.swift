import ArgumentParser
import Bench

struct CtlStopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End the emulation, as SIGTERM does, and wait until its files are complete.",
        discussion:
            "run passes the signal on to its command, and ends when the command does. Exit code 124: it has not "
            + "ended in time.")

    @OptionGroup var target: CtlTarget

    @Option(help: ArgumentHelp("How long to wait at most.", valueName: "seconds"))
    var timeout = 10.0

    mutating func validate() throws {
        guard (0...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 0 to 86400 seconds, not \(timeout)")
        }
    }

    func run() throws {
        var bench = try target.connect()
        guard try bench.stop(within: .seconds(timeout)) else {
            throw Failure(
                .timedOut,
                "the emulation\(bench.process.map { " (process \($0))" } ?? "") still runs \(timeout) s after it "
                    + "was asked to end")
        }
    }
}
