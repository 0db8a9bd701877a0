import Line
import Story
import Wire
import Words

/// What happened on the line in a run, for a page: a bar for each chapter, one below the other, shaded where something was
/// wrong or the chip had no power; then the same in words.
package struct CheckTimeline {
    private let session: CheckedSession
    private let start: Int64
    private let length: Int64

    /// More than fit on a page that somebody reads.
    private static let mostPhases = 60
    private static let mostWindows = 40
    /// In CSS pixels.
    private static let rowHeight = 22
    private static let axisHeight = 20

    init(_ session: CheckedSession) {
        self.session = session
        start = session.start ?? 0
        length = session.end - start
    }

    var markup: String {
        guard length > 0, session.byteCount > 0 else { return "<p>Nothing crossed it.</p>\n" }
        return drawing + windows + table
    }

    private var phases: ArraySlice<Phase> { session.timeline.phases.prefix(Self.mostPhases) }

    // MARK: Drawn

    /// Only heights are in pixels: it is as wide as there is room.
    private var drawing: String {
        let bottom = max(1, phases.count) * Self.rowHeight
        var drawing =
            "<svg width=\"100%\" height=\"\(bottom + Self.axisHeight)\" role=\"img\" aria-label=\"Timeline of "
            + "\(Format.duration(length)); the lists below have it in words\">\n"
        for window in session.windows { drawing += shade(window, height: bottom) }
        drawing += ticks(below: bottom)
        for (row, phase) in phases.enumerated() { drawing += bar(of: phase, top: row * Self.rowHeight) }
        return drawing + "</svg>\n"
    }

    private func shade(_ window: TroubleWindows.Window, height: Int) -> String {
        "<rect class=\"\(window.cause == .fault ? "fault" : "off")\" x=\"\(percent(place(window.start)))\" y=\"0\" "
            + "width=\"\(percent(max(80, place(window.end) - place(window.start))))\" height=\"\(height)\">"
            + "<title>\(Words.markup(words(for: window)))</title></rect>\n"
    }

    private func bar(of phase: Phase, top: Int) -> String {
        let (left, right) = (place(phase.start), place(phase.end))
        // Its name stands beside it, where there is more room.
        let isAfter = Self.whole - right >= left
        let room = isAfter ? Self.whole - right : left
        let isTrouble = !phase.trouble.isEmpty || !phase.isAnswered
        let trouble = phase.trouble.isEmpty ? "no answer" : phase.trouble
        var name = phase.kind.rawValue
        if isTrouble, (name.count + trouble.count) * Self.characterWidth < room { name += ": \(trouble)" }
        return "<rect class=\"\(isTrouble ? "trouble" : "phase")\" x=\"\(percent(left))\" y=\"\(top + 4)\" "
            + "width=\"\(percent(max(40, right - left)))\" height=\"\(Self.rowHeight - 8)\">"
            + "<title>\(Words.markup("\(phase.kind.rawValue): \(phase.note)"))</title></rect>"
            + "<text x=\"\(percent(isAfter ? max(right, left + 40) : left))\" y=\"\(top + 15)\" "
            + "\(isAfter ? "dx=\"5\"" : "dx=\"-5\" text-anchor=\"end\"")>\(Words.markup(name))</text>\n"
    }

    private func ticks(below bottom: Int) -> String {
        var (ticks, stamp) = ("", Int64(0))
        let step = Self.tickStep(for: length)
        while stamp <= length {
            let x = percent(place(start + stamp))
            // What stands at an edge must not stand beyond it.
            let anchor = stamp == 0 ? "start" : length - stamp < length / 12 ? "end" : "middle"
            ticks +=
                "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(bottom)\"/>"
                + "<text class=\"tick\" x=\"\(x)\" y=\"\(bottom + 15)\" text-anchor=\"\(anchor)\">"
                + "\(stamp == 0 ? "0" : Format.duration(stamp))</text>\n"
            stamp += step
        }
        return ticks
    }

    /// 1, 2 or 5 of a power of ten, in nanoseconds: five ticks at most beside the first.
    package static func tickStep(for length: Int64) -> Int64 {
        var power: Int64 = 1
        while power < length / 50 { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { length / $0 <= 5 } ?? 10 * power
    }

    /// In hundredths of a percent of the drawing's width.
    private static let whole = 10_000
    /// On a phone.
    private static let characterWidth = 190

    private func place(_ stamp: Int64) -> Int {
        Int(Double(min(max(0, stamp - start), length)) / Double(length) * Double(Self.whole))
    }

    private func percent(_ place: Int) -> String {
        let rest = place % 100
        return "\(place / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    // MARK: In words

    private var windows: String {
        guard !session.windows.isEmpty else { return "" }
        var lines = session.windows.prefix(Self.mostWindows).map { window in
            "<li><i class=\"\(window.cause == .fault ? "fault" : "off")\"></i>\(Words.markup(words(for: window)))</li>"
        }
        let rest = session.windows.count - lines.count
        if rest > 0 { lines.append("<li>… and \(plural(rest, "time")) more</li>") }
        return "<ul class=\"windows\">" + lines.joined(separator: "\n") + "</ul>\n"
    }

    private func words(for window: TroubleWindows.Window) -> String {
        let more = window.count > 1 ? " … and \(window.count - 1) more" : ""
        return "\(span(window.start, window.end)): \(window.text)\(more)"
    }

    /// Seconds since the trace's beginning, as `show` has them, to the millisecond.
    private func span(_ from: Int64, _ to: Int64) -> String {
        let (first, last) = (seconds(from), seconds(to))
        return first == last ? "\(first) s" : "\(first)–\(last) s"
    }

    private func seconds(_ stamp: Int64) -> String { String(Format.seconds(max(0, stamp - start)).dropLast(3)) }

    private var table: String {
        guard !phases.isEmpty else { return "" }
        let rows = phases.map { phase in
            let isRated = phase.kind != .erase && phase.kind != .verify
            let rate = isRated ? phase.bytesPerSecond.map { "\(Format.bytes($0))/s" } : nil
            let cells = [
                phase.kind.rawValue, seconds(phase.start), phase.duration > 0 ? Format.duration(phase.duration) : "–",
                phase.byteCount > 0 ? Format.bytes(Int64(phase.byteCount)) : "", rate ?? "", phase.note,
            ]
            return "<tr>" + cells.map { "<td>\(Words.markup($0))</td>" }.joined() + "</tr>\n"
        }
        let left = session.timeline.phases.count - phases.count
        let rest = left > 0 ? "<p>… and \(plural(left, "phase")) more</p>\n" : ""
        let head = ["phase", "start", "took", "bytes", "rate", "note"].map { "<th>\($0)</th>" }.joined()
        return "<table class=\"phases\"><thead><tr>\(head)</tr></thead>\n"
            + "<tbody>\n\(rows.joined())</tbody></table>\n\(rest)"
    }
}
