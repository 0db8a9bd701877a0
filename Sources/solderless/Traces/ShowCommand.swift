import ArgumentParser
import Capture
import Faults
import Line
import ScenarioFiles
import Simulation
import Story
import Trace
import Wire
import Words

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what happened in a trace, with every byte explained.",
        discussion: """
            Times are seconds since the first event; the time of data is that of its last character. With --json, \
            events are one object a line, and --stats and --timeline are one object.

            If the chip reads a message differently from what the host means, the lines below it say what to change \
            (an event's "pitfall" in --json).
            """)

    @Argument(help: "The trace: a pcap file of link type RTAC serial, gzipped or not; - for standard input.") var trace:
        String

    @Flag(help: "Print the bytes of each event below it.") var hex = false
    @Flag(
        name: .customLong("follow"),
        help: "Go on while the trace is being written, until it is removed or ^C is pressed.")
    var follows = false
    @OptionGroup var report: ReportFormat
    @Option(
        name: .customLong("end"),
        help: """
            Which end of the line to show: what the host sent and received, or what the chip did. They differ on a \
            bad line.
            """)
    var shownEnd = ShownEnd.host
    @OptionGroup(title: "Other views") var view: ShowView
    @OptionGroup(title: "Which events") var selection: EventSelection

    private var end: LineEnd { shownEnd == .host ? .host : .chip }

    mutating func validate() throws {
        let (kind, name) = (view.kind, view.name)
        guard !report.json || kind == .events || kind == .stats || kind == .timeline else {
            throw ValidationError("\(name) has a format of its own: leave out --json")
        }
        guard end == .host || !kind.isOfHostEnd else {
            throw ValidationError("\(name) is about the host's end: leave out --end chip")
        }
        guard !hex || kind == .events else {
            throw ValidationError("--hex shows events: leave out \(name)")
        }
        guard !follows || kind == .events && trace != "-" else {
            throw ValidationError("--follow shows the events of a file: leave out all other views")
        }
        guard !selection.isAsked || kind.choosesEvents else {
            throw ValidationError("--from, --to, --kind and --grep choose among events: leave out all other views")
        }
    }

    func run() throws {
        let growing = follows ? GrowingFile(path: trace) : nil
        let reader = growing.map { TraceReader($0) } ?? TraceReader(opening: trace == "-" ? "/dev/stdin" : trace)
        let summary =
            switch view.kind {
            case .faults: try listFaults(reader)
            case .events: try list(reader, growing)
            case .stats, .timeline: try sum(up: reader)
            case .csv: try printTable(reader)
            case .jsonl: try printBytes(reader)
            case .vcd: try printWaveform(reader)
            case .perfetto(let path): try writePerfetto(reader, to: path)
            case .html(let path): try writePage(reader, to: path)
            }
        if let offset = summary.endsTruncated {
            Console.error("\(trace) ends in the middle of a record, at byte \(offset): its writer was interrupted")
        }
        if summary.skippedItemCount > 0 {
            Console.error("\(trace): skipped \(plural(summary.skippedItemCount, "item")) newer than this program")
        }
    }

    private func listFaults(_ reader: TraceReader) throws -> TraceReader.Summary {
        var events: [TraceEvent] = []
        let summary = try reader.forEach { events.append($0) }
        let choices = LineEdits(of: events).faults
        guard !choices.isEmpty else {
            Console.error("\(trace): no fault lost or changed a character")
            return summary
        }
        Console.print("faults:")
        for choice in choices { Console.print("  - \(choice.text)") }
        if choices.count > FaultChoice.mostInList {
            Console.error(
                "\(trace): these are \(choices.count) faults; a scenario takes at most \(FaultChoice.mostInList)")
        }
        return summary
    }

    private func list(_ reader: TraceReader, _ growing: GrowingFile?) throws -> TraceReader.Summary {
        var printer = EventPrinter(report, showsBytes: hex, selection.filter)
        let summary = try follow(reader, growing, keepsBytes: hex) {
            try printer.take($0)
        } atRest: {
            printer.finish()
        }
        if selection.isAsked, !printer.hasChosen {
            Console.error("\(trace): none of its events is what --from, --to, --kind and --grep ask for")
        }
        let last = printer.last
        let seconds = Instant(nanoseconds: last.map { $0.end - (printer.start ?? $0.end) } ?? 0)
        let message = last.map { "\($0.direction.name), \($0.description)" } ?? "none"
        Console.error("\(trace): \(plural(summary.recordCount, "record")), \(seconds); the last message: \(message)")
        return summary
    }

    private func sum(up reader: TraceReader) throws -> TraceReader.Summary {
        var overview = SessionOverview()
        return try follow(reader, nil, keepsBytes: false) {
            overview.take($0)
        } atRest: {
            let (phases, statistics) = (overview.phases, overview.statistics)
            if view.stats {
                report.print(statistics.json(phases), text: statistics.text(phases, since: overview.origin))
            } else {
                report.print(phases.json, text: phases.table(since: overview.origin))
            }
        }
    }

    /// Tells the whole trace; of a damaged one, all that comes before the damage.
    /// - Parameters:
    ///   - growing: the trace, if it is still being written.
    ///   - atRest: called when all is told that there is, and before an error about the trace is thrown.
    ///   - count: given how many bytes a run has, before it is told.
    ///   - note: given every other event, before it is told.
    func follow(
        _ reader: TraceReader, _ growing: GrowingFile?, keepsBytes: Bool,
        tell: @escaping (SessionFollower.Told) throws -> Void, atRest: @escaping () throws -> Void,
        data count: (Int, Direction, Instant) -> Void = { _, _, _ in },
        other note: (TraceEvent) throws -> Void = { _ in }
    ) throws -> TraceReader.Summary {
        var follower = SessionFollower(keepsBytes: keepsBytes, end: end)
        growing?.whenQuiet = {
            do {
                try follower.catchUp(tell: tell)
                try atRest()
                return true
            } catch {
                return false
            }
        }
        defer { growing?.whenQuiet = { false } }
        let summary: Result<TraceReader.Summary, any Error> = Result {
            try reader.follow { bytes, direction, time in
                count(bytes.count, direction, time)
                try follower.data(bytes, direction, at: time, tell: tell)
            } other: { event in
                try note(event)
                try follower.other(event, tell: tell)
            }
        }
        if case .failure(let error) = summary, !(error is CaptureError) { throw error }
        try follower.finish(tell: tell)
        try atRest()
        return try summary.get()
    }
}

/// The ends of a line, as the command line spells them.
enum ShownEnd: String, ExpressibleByArgument, CaseIterable {
    case host, chip
}
