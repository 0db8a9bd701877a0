import ArgumentParser
import Capture
import Replay

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two traces; the first difference is explained.",
        discussion: """
            Both directions are compared byte by byte, however they are cut into runs, and so are rates, flushes, \
            openings and closings. Exit code 0 when they agree, 1 when they differ.
            """)

    @Argument(help: "A trace.") var first: String
    @Argument(help: "Another one.") var second: String

    @Option(
        help: ArgumentHelp("Times must agree as well, to within so many milliseconds.", valueName: "milliseconds"))
    var timing: Double?

    mutating func validate() throws {
        if let timing, !(0...3_600_000).contains(timing) {
            throw ValidationError("--timing takes 0 to 3600000 milliseconds, not \(timing)")
        }
    }

    func run() throws {
        let diff = TraceDiff(timingTolerance: timing.map { .milliseconds($0) })
        let difference = try diff.firstDifference(
            TraceReader(opening: first).events(), TraceReader(opening: second).events())
        guard let difference else {
            Console.print("\(first) and \(second) agree")
            return
        }
        Console.print(difference.explanation)
        throw ExitCode.failed
    }
}
