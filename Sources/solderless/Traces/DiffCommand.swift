import ArgumentParser
import Capture
import Comparison
import Words

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two traces step by step and show what differs.",
        discussion: """
            Both directions are compared byte by byte, however the bytes are grouped, and so is what the host did to its \
            port: baud rates, formats, flushes, opens, closes, control lines and breaks. Where the traces part, they are \
            aligned anew by what their messages are about, and not by their times.

            Lines begin with - for what only A (the first trace) has, + for what only B has, ~ for what both have and is \
            different in B, t for what comes at another time, and ? where the traces have so little in common that the \
            comparison gives up. Times are seconds since each trace's first event.

            Exit code 0 if the traces agree, 1 if they differ.
            """)

    @Argument(help: "A trace, gzipped or not: A.") var first: String
    @Argument(help: "The trace to compare it with: B.") var second: String

    @Flag(
        help: "Compare the bytes alone, and not what the host did to its port: baud, flushes, opens, lines, breaks.")
    var dataOnly = false
    @Option(
        help: ArgumentHelp("Compare times as well, with this tolerance.", valueName: "milliseconds"))
    var timing: Double?
    @Option(
        help: ArgumentHelp(
            """
            How many steps of each trace to look at to align them; where that is not enough, the comparison gives up. Lines \
            of text and noise count an eighth.
            """, valueName: "steps"))
    var window = TraceComparison().window
    @Option(help: ArgumentHelp("How many differences to show; the others are counted.", valueName: "count"))
    var most = 100
    @OptionGroup var report: ReportFormat

    mutating func validate() throws {
        if let timing, !(0...3_600_000).contains(timing) {
            throw ValidationError("--timing takes 0 to 3600000 milliseconds, not \(timing)")
        }
        let windows = TraceComparison.windows
        guard windows.contains(window) else {
            throw ValidationError("--window takes \(windows.lowerBound) to \(windows.upperBound) steps, not \(window)")
        }
        guard (1...100_000).contains(most) else { throw ValidationError("--most takes 1 to 100000, not \(most)") }
    }

    func run() throws {
        var comparison = TraceComparison()
        comparison.timingTolerance = timing.map { .milliseconds($0) }
        comparison.comparesPort = !dataOnly
        comparison.window = window
        let outcome = report.json ? try reportOnce(comparison) : try printAsFound(comparison)
        guard outcome == .agree else { throw ExitCode.failed }
    }

    private func printAsFound(_ comparison: TraceComparison) throws -> ComparisonTally.Outcome {
        var text = ComparisonText(
            a: printable(first), b: printable(second), isColoured: Console.isColourful, most: most, window: window)
        try compare(comparison) { text.take($0).forEach(Console.print) }
        text.finish().forEach(Console.print)
        return text.tally.outcome
    }

    private func reportOnce(_ comparison: TraceComparison) throws -> ComparisonTally.Outcome {
        var json = ComparisonJSON(a: first, b: second, most: most, window: window)
        try compare(comparison) { json.take($0) }
        Console.print(json.finish().description)
        return json.tally.outcome
    }

    private func compare(_ comparison: TraceComparison, tell: (Finding) -> Void) throws {
        let (a, b) = try (TraceCursor(opening: first), TraceCursor(opening: second))
        try comparison.compare(
            { () throws(CaptureError) in try a.next() }, { () throws(CaptureError) in try b.next() }, tell: tell)
        for (path, cursor) in [(first, a), (second, b)] {
            guard let offset = cursor.endsTruncated else { continue }
            Console.error("\(path) ends in the middle of a record, at byte \(offset): its writer was interrupted")
        }
    }
}
