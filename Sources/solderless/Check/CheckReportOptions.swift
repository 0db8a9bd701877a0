import ArgumentParser
import Check
import Files
import Foundation
import Reports
import ScenarioFiles
import SystemPackage
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// Which reports are written, and which traces are kept.
struct CheckReportOptions: ParsableArguments {
    @OptionGroup var format: ReportFormat

    @Option(help: ArgumentHelp("Write a report for CI servers.", valueName: "file")) var junit: String?

    @Option(
        help: ArgumentHelp(
            "Write one page for a browser: verdicts, timelines, what the flasher printed.", valueName: "file"))
    var html: String?

    @Option(help: "Which traces to keep: always, never, or those of runs that were not right (failure).")
    var keep = TraceKeeping.failure

    @Option(
        help: ArgumentHelp("Folder of kept traces; earlier ones of the same run are replaced.", valueName: "folder"))
    var traces = "check-traces"

    @Option(
        help: ArgumentHelp("Compare with an earlier report, as --json has printed it.", valueName: "file"))
    var compare: String?

    @Flag(help: "With --compare: exit with 1 only if something has become worse, or fails and is new.") var baseline =
        false

    @Flag(help: "What only a careful host survives counts as well: exit with 1 where a point is lost.") var strict =
        false

    mutating func validate() throws {
        guard !baseline || compare != nil else { throw ValidationError("--baseline needs --compare") }
        guard !baseline || !strict else { throw ValidationError("--strict contradicts --baseline: leave one out") }
        guard !traces.isEmpty else {
            throw ValidationError("--traces needs the name of a folder; . is the current one")
        }
    }

    /// Whether the reports can be written, before anything is run. - Throws: `FileError`, `Failure`.
    func check() throws {
        for path in [junit, html] {
            guard let path else { continue }
            try FileStore.checkReplaceable(path: path)
            if let compare { try requireDifferent(input: compare, output: path) }
        }
        if let junit, let html { try requireDifferent(input: junit, output: html) }
    }

    /// The runs of an earlier report; nil where none is named. - Throws: `FileError`, `Failure`.
    func earlier() throws -> [CheckComparison.Entry]? {
        guard let compare else { return nil }
        let bytes = try FileStore.read(path: compare, limit: 64 << 20)
        guard let report = try? JSONReader.value(of: bytes), let entries = CheckComparison.Entry.list(of: report) else {
            throw Failure(.usage, "\(printable(compare)) is no report of `solderless check --json`")
        }
        return entries
    }

    /// - Throws: `FileError`.
    func write(_ report: CheckReport, begun: Date) throws {
        if let junit {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "UTC")
            format.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
            let text = Array(report.junit(timestamp: format.string(from: begun)).utf8)
            try FileStore.replace(path: junit, with: text.span)
        }
        if let html {
            let page = Array(report.page.utf8)
            try FileStore.replace(path: html, with: page.span)
        }
    }

    /// Keeps a run's trace, or another file of it, if it is to be kept. - Returns: where. - Throws: `FileError`.
    func keep(_ file: String, of result: CheckResult, as ending: String = "pcap") throws -> String? {
        let path = "\(traces)/\(result.run.fileName).\(ending)"
        switch keep.fate(of: result.outcome, attempt: result.attempt) {
        case .left: return nil
        case .removed:
            try? FileManager.default.removeItem(atPath: path)
            return nil
        case .kept:
            try FileStore.makeFolder(path: traces)
            try FileStore.move(file, to: path, limit: 1 << 30)
            return path
        }
    }
}

extension TraceKeeping: ExpressibleByArgument {}
