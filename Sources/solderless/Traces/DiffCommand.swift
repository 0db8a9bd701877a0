import ArgumentParser
import Capture
import Replay

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two traces and explain the first difference.",
        discussion: """
            Both directions are compared byte by byte, however the bytes are grouped, and so are baud rates, flushes, \
            opens and closes of the port. Exit code 0 if the traces agree, 1 if they differ.
            """)

    @Argument(help: "A trace.") var first: String
    @Argument(help: "The trace to compare it with.") var second: String

    @Option(
        help: ArgumentHelp("Compare times as well, with this tolerance.", valueName: "milliseconds"))
    var timing: Double?

    mutating func validate() throws {
        if let timing, !(0...3_600_000).contains(timing) {
            throw ValidationError("--timing takes 0 to 3600000 milliseconds, not \(timing)")
        }
    }

    func run() throws {
        let diff = TraceDiff(timingTolerance: timing.map { .milliseconds($0) })
        let (left, right) = try (TraceCursor(opening: first), TraceCursor(opening: second))
        let difference = try diff.firstDifference(
            { () throws(CaptureError) in try left.next() }, { () throws(CaptureError) in try right.next() })
        guard let difference else {
            Console.print("\(first) and \(second) agree")
            return
        }
        Console.print(difference.explanation)
        throw ExitCode.failed
    }
}
