import Capture
import Line
import TestForms
import Trace

/// Where a test imports recordings that it makes.
struct ImportBench {
    let folder = try! Folder()

    /// What the importers make of a recording: the trace's events without the first, which is the session's description.
    func imported(
        _ recording: [UInt8], _ options: ImportOptions = ImportOptions()
    ) throws -> (session: SessionDescription, events: [TraceEvent], summary: ImportSummary) {
        try folder.write(recording, to: "recording")
        let summary = try importRecording(
            from: folder["recording"], to: folder["t.pcap"], options, replacing: true)
        let events = try TraceReader(opening: folder["t.pcap"]).events()
        guard case .session(let session)? = events.first?.kind else { throw Missing() }
        return (session, Array(events.dropFirst()), summary)
    }

    func imported(
        _ text: String, _ options: ImportOptions = ImportOptions()
    ) throws -> (session: SessionDescription, events: [TraceEvent], summary: ImportSummary) {
        try imported(Array(text.utf8), options)
    }

    /// Why a recording cannot be imported.
    func refusal(_ recording: [UInt8], _ options: ImportOptions = ImportOptions()) -> String? {
        do {
            _ = try imported(recording, options)
            return nil
        } catch {
            return "\(error)"
        }
    }

    struct Missing: Error {}
}

func options(_ format: String? = nil, _ change: (inout ImportOptions) -> Void = { _ in }) -> ImportOptions {
    var options = ImportOptions(format: format)
    change(&options)
    return options
}

/// An event, its time in microseconds.
func at(_ microseconds: Int64, _ kind: TraceEvent.Kind) -> TraceEvent {
    TraceEvent(Instant(nanoseconds: microseconds * 1000), kind)
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
