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
        let file = path == "-" ? nil : try TextFile(creating: path, replacing: view.overwrite)
        let write = { (text: String) throws in
            if let file { try file.write(text) } else { try Self.print(text) }
        }
        var perfetto = PerfettoTrace()
        try write(perfetto.head(trace == "-" ? "standard input" : trace))
        return try follow(reader, nil, keepsBytes: false) { told in
            try write(perfetto.entry(told))
        } atRest: {
            try write(perfetto.foot)
            try file?.finish()
        } other: { event in
            try write(perfetto.note(event))
        }
    }

    /// - Throws: `ExitCode.success` when nobody reads any more.
    private static func print(_ text: String) throws {
        guard !text.isEmpty else { return }
        Console.write(text, to: 1)
        if Console.isOutputClosed { throw ExitCode.success }
    }
}
