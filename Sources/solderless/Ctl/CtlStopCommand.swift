import ArgumentParser
import Bench

struct CtlStopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End the emulation as SIGTERM does, and wait until it has ended: its files are complete then.",
        discussion:
            "An emulation that run has passes it on to its command, and ends with that. Exit code 124: not ended.")

    @OptionGroup var target: CtlTarget

    @Option(help: ArgumentHelp("Wait so long, at most.", valueName: "seconds"))
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
                "the emulation\(bench.process.map { " (process \($0))" } ?? "") was asked to end and still runs after "
                    + "\(timeout) s")
        }
    }
}
