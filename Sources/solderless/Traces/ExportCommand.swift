import ArgumentParser
import Capture
import Line
import USBExport
import Words

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a trace as another kind of recording.",
        discussion: """
            --as FORM:ADAPTER is a USB capture of the whole session, from the plugging in of the adapter on. Forms are

            \(CaptureForm.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

            and adapters

            \(USBExportKind.Adapter.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

            What of the trace no such capture has, and what the adapter cannot say, is told at the end.
            """)

    @Argument(help: "The trace; - for standard input.") var trace: String

    @Option(
        name: .customLong("as"), help: ArgumentHelp("What to write, such as usbpcap:ch340.", valueName: "kind"),
        transform: Self.kind)
    var kind: USBExportKind

    @Option(name: .shortAndLong, help: ArgumentHelp("The capture to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the capture if it exists.") var overwrite = false

    @OptionGroup var report: ReportFormat

    func validate() throws {
        guard output != "-" else { throw ValidationError("--output takes a file: a capture is not written to a pipe") }
    }

    func run() throws {
        try requireDifferent(input: trace, output: output)
        let (summary, endsTruncated) = try exportTrace(from: trace, to: output, as: kind, replacing: overwrite)
        report.print(summary.json(trace: trace, capture: output, kind)) {
            Console.error("wrote \(output): \(summary.inWords(kind))")
            for line in summary.remarks { Console.error(line) }
        }
        if let offset = endsTruncated {
            Console.error("\(trace) ends in the middle of a record, at byte \(offset): its writer was interrupted")
        }
    }

    private static func kind(_ text: String) throws -> USBExportKind {
        guard let kind = USBExportKind(name: text) else {
            throw ValidationError(
                "there is no such kind\(Nearest.advice(for: text, among: USBExportKind.all.map(\.name)))")
        }
        return kind
    }
}

extension USBExportSummary {
    /// For a program (docs/json.md). - Parameters: the files, as they were given.
    fileprivate func json(trace: String, capture: String, _ kind: USBExportKind) -> JSONValue {
        .report([
            .init("trace", .string(trace)), .init("capture", .string(capture)), .init("kind", .string(kind.name)),
            .init(
                "bytes",
                .object([
                    .init("hostToChip", .integer(Int64(byteCount.hostToChip))),
                    .init("chipToHost", .integer(Int64(byteCount.chipToHost))),
                ])),
            .init("baudCount", .integer(Int64(baudCount))), .init("recordCount", .integer(Int64(recordCount))),
            .init("leftOut", .array(leftOut.map(Self.json))), .init("shortfalls", .array(shortfalls.map(Self.json))),
            .init("moreShortfallCount", .integer(Int64(moreShortfallCount))),
        ])
    }

    private static func json(_ remark: Remark) -> JSONValue {
        .object([.init("text", .string(remark.text)), .init("count", .integer(Int64(remark.count)))])
    }
}
