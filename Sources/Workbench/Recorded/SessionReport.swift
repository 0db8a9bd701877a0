import Capture
import Files
import Line
import Story

/// The session so far as the page that `show --html` writes.
enum SessionReport {
    /// - Throws: `CaptureError`, `FileError`.
    static func write(_ trace: String, name: String, to path: String) throws {
        let file = try TextFile(creating: path, replacing: true)
        var page = SessionPage()
        var follower = SessionFollower(keepsBytes: true)
        try file.write(page.head(name))
        let summary = Result {
            try TraceReader(opening: trace).follow { bytes, direction, time in
                page.data(bytes.count, direction, at: time)
                try follower.data(bytes, direction, at: time) { try file.write(page.row($0)) }
            } other: { event in
                try file.write(page.note(event))
                try follower.other(event) { try file.write(page.row($0)) }
            }
        }
        // The last record may be on its way still.
        if case .failure(let error) = summary, !(error is CaptureError) { throw error }
        try follower.finish { try file.write(page.row($0)) }
        try file.write(page.foot())
        try file.finish()
    }
}
