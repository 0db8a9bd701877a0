import ArgumentParser
import Capture
import Files
import Story
import Trace

/// The views that are for other programs.
extension ShowCommand {
    func printTable(_ reader: TraceReader) throws -> TraceReader.Summary {
        var table = EventTable()
        var filter = selection.filter
        Console.write(EventTable.head, to: 1)
        return try follow(reader, nil, keepsBytes: false) { told in
            let row = table.row(told)
            if filter.lets(told) { try Self.print(row) }
        } atRest: {
        }
    }

    func printBytes(_ reader: TraceReader) throws -> TraceReader.Summary {
        var lines = DataLines()
        return try reader.follow { bytes, direction, time in
            try Self.print(lines.line(bytes, direction, at: time))
        } other: { event in
            lines.note(event)
        }
    }

    func printWaveform(_ reader: TraceReader) throws -> TraceReader.Summary {
        var waveform = Waveform()
        Console.write(Waveform.head, to: 1)
        let summary = Result {
            try reader.follow { bytes, direction, time in
                try Self.print(waveform.data(bytes, direction, at: time))
            } other: { event in
                try Self.print(waveform.note(event))
            }
        }
        // Of a damaged trace, all that comes before the damage.
        try Self.print(waveform.finish())
        return try summary.get()
    }

    func writePerfetto(_ reader: TraceReader, to path: String) throws -> TraceReader.Summary {
        let file = try viewFile(path)
        var perfetto = PerfettoTrace()
        try Self.write(perfetto.head(traceName), to: file)
        return try follow(reader, nil, keepsBytes: false) { told in
            try Self.write(perfetto.entry(told), to: file)
        } atRest: {
            try Self.write(perfetto.foot, to: file)
            try file?.finish()
        } other: { event in
            try Self.write(perfetto.note(event), to: file)
        }
    }

    func writePage(_ reader: TraceReader, to path: String) throws -> TraceReader.Summary {
        let file = try viewFile(path)
        var page = SessionPage()
        try Self.write(page.head(traceName), to: file)
        return try follow(reader, nil, keepsBytes: true) { told in
            try Self.write(page.row(told), to: file)
        } atRest: {
            try Self.write(page.foot(), to: file)
            try file?.finish()
        } data: { count, direction, time in
            page.data(count, direction, at: time)
        } other: { event in
            try Self.write(page.note(event), to: file)
        }
    }

    private var traceName: String { trace == "-" ? "standard input" : trace }

    /// The file that a view goes to; nil for standard output.
    private func viewFile(_ path: String) throws -> TextFile? {
        try requireDifferent(input: trace, output: path)
        return path == "-" ? nil : try TextFile(creating: path, replacing: view.overwrite)
    }

    private static func write(_ text: String, to file: TextFile?) throws {
        if let file { try file.write(text) } else { try print(text) }
    }

    /// - Throws: `ExitCode.success` when nobody reads any more.
    private static func print(_ text: String) throws {
        guard !text.isEmpty else { return }
        Console.write(text, to: 1)
        if Console.isOutputClosed { throw ExitCode.success }
    }
}
