import ArgumentParser
import Story
import Wire
import Words

/// Prints the events of a session, a line each; as text, what is said over and over in one.
struct EventPrinter {
    private let report: ReportFormat
    private let showsBytes: Bool
    private var filter: StoryFilter
    private var fold = RepeatFold()
    private var lines: EventLines?
    /// The message that ended last, chosen or not.
    private(set) var last: SessionEvent?
    /// Whether any event was chosen.
    private(set) var hasChosen = false

    init(_ report: ReportFormat, showsBytes: Bool, _ filter: StoryFilter) {
        self.report = report
        self.showsBytes = showsBytes
        self.filter = filter
    }

    /// When the session began; nil before its first event.
    var start: Int64? { filter.start }

    /// - Throws: `ExitCode.success` when nobody reads any more.
    mutating func take(_ told: SessionFollower.Told) throws {
        if case .event(let event, _) = told, event.end >= last?.end ?? .min { last = event }
        guard filter.lets(told) else { return }
        hasChosen = true
        if showsBytes || report.json {
            print(told)
        } else {
            for line in fold.take(told) { print(line) }
        }
        if Console.isOutputClosed { throw ExitCode.success }
    }

    /// Nothing more comes.
    mutating func finish() {
        for line in fold.finish() { print(line) }
    }

    private mutating func print(_ line: RepeatFold.Line) {
        switch line {
        case .told(let told): print(told)
        case .repeated(let event, let count): withLines { Console.print($0.line(event, times: count)) }
        }
    }

    private mutating func print(_ told: SessionFollower.Told) {
        let (report, showsBytes) = (report, showsBytes)
        withLines { lines in
            switch told {
            case .event(let event, let bytes):
                guard !report.json else {
                    return Console.print(event.json(hexadecimal: showsBytes ? bytes : nil).description)
                }
                Console.print(lines.line(event))
                if showsBytes { lines.hexDump(bytes.span, offset: event.offset).forEach(Console.print) }
            case .mark(let mark): report.print(mark.json, text: lines.line(mark))
            }
        }
    }

    private mutating func withLines(_ body: (inout EventLines) -> Void) {
        var lines = lines ?? EventLines(isColoured: Console.isColourful, origin: filter.start)
        body(&lines)
        self.lines = lines
    }
}
