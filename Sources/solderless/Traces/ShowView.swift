import ArgumentParser

/// How `show` shows a trace; one way at a time.
struct ShowView: ParsableArguments {
    @Flag(help: "Print statistics of the session instead of its events.") var stats = false
    @Flag(help: "Print a table of the session's phases instead of its events.") var timeline = false
    @Flag(
        help: """
            Print what faults did to single characters instead of events, as a list of faults for a scenario. It repeats \
            the same damage, on a port as well, and can be shortened line by line.
            """)
    var faults = false
    @Flag(help: "Print events as comma-separated values, for a spreadsheet.") var csv = false
    @Flag(help: "Print the bytes and the host's rates as JSON lines, which `solderless import` takes.") var jsonl =
        false
    @Flag(
        help: """
            Print both wires as a waveform (VCD) at the trace's rates, for GTKWave, PulseView or another viewer. Its \
            edges are made from each run's last moment and the rate: exact for the line's clock only.
            """)
    var vcd = false
    @Option(
        help: ArgumentHelp(
            "Write trace events for ui.perfetto.dev or chrome://tracing; - for standard output.", valueName: "file"))
    var perfetto: String?
    @Option(
        help: ArgumentHelp(
            """
            Write one page for a browser: the session in lanes to zoom into, what was sent above what arrived, each \
            message explained. It needs no network; - for standard output.
            """, valueName: "file"))
    var html: String?
    @Flag(help: "Replace a file that --html or --perfetto names.") var overwrite = false

    enum Kind: Equatable {
        case events, stats, timeline, faults, csv, jsonl, vcd
        case perfetto(String)
        case html(String)

        /// Whether single events are chosen by options.
        var choosesEvents: Bool { self == .events || self == .csv }
        /// Whether it begins with the host's end of the line, and cannot begin with the chip's.
        var isOfHostEnd: Bool {
            switch self {
            case .faults, .jsonl, .vcd, .html: true
            default: false
            }
        }
    }

    /// What is asked for, by the option's name.
    private var asked: [(String, Kind)] {
        let flags: [(Bool, String, Kind)] = [
            (stats, "--stats", .stats), (timeline, "--timeline", .timeline), (faults, "--faults", .faults),
            (csv, "--csv", .csv), (jsonl, "--jsonl", .jsonl), (vcd, "--vcd", .vcd),
        ]
        return flags.filter(\.0).map { ($0.1, $0.2) } + (perfetto.map { [("--perfetto", .perfetto($0))] } ?? [])
            + (html.map { [("--html", .html($0))] } ?? [])
    }

    var kind: Kind { asked.first?.1 ?? .events }

    /// Its option, for messages.
    var name: String { asked.first?.0 ?? "" }

    mutating func validate() throws {
        if stats, timeline { throw ValidationError("--stats includes the timeline: leave one out") }
        if asked.count > 1 { throw ValidationError("\(asked[0].0) and \(asked[1].0) are two views: leave one out") }
        if overwrite, perfetto == nil, html == nil {
            throw ValidationError("--overwrite is for the file of --html or --perfetto")
        }
    }
}
