import Line
import Trace
import Wire
import Words

/// What a page says as markup: the session in a few lines, and its phases as a table. It is there without the page's
/// script, for a screen reader and on paper.
struct PageSummary: Sendable {
    private var overview = SessionOverview()
    private var glance = Glance()
    private var session: Mark?
    private var description: SessionDescription?
    private var last: SessionEvent?
    private var areAllPhasesTold = true

    var timeline: Timeline { overview.phases }

    mutating func data(_ count: Int, _ direction: Direction, at time: Instant) {
        glance.data(count, direction, at: time)
    }

    mutating func note(_ event: TraceEvent) {
        glance.note(event)
        guard case .session(let description) = event.kind, session == nil else { return }
        session = Mark(event)
        self.description = description
    }

    mutating func add(_ told: SessionFollower.Told, tellsPhases: Bool) {
        overview.take(told, tellsPhases: tellsPhases)
        guard case .event(let event, _) = told else { return }
        glance.add(event)
        if !tellsPhases { areAllPhasesTold = false }
        last = event
    }

    /// - Parameter keepsAllBytes: whether the page has all bytes of all messages.
    func markup(keepsAllBytes: Bool) -> String {
        let epoch = description.map { " data-epoch=\"\($0.epoch)\" data-clock=\"\($0.clock.name)\"" } ?? ""
        return "<section id=\"summary\" aria-label=\"Summary\" data-lines=\"\(ControlLines.allNames)\"\(epoch)"
            + "\(keepsAllBytes ? "" : " data-cut")>\n"
            + paragraph("session", session?.text ?? "another program's trace, without a description")
            + paragraph("numbers", numbers)
            + "<ul id=\"glance\">\n"
            + glance.findings.map { finding in
                "<li class=\"\(finding.isTrouble ? "trouble" : "plain")\" data-at=\"\(finding.stamp)\">"
                    + "\(Words.markup(finding.text))</li>\n"
            }.joined() + "</ul>\n</section>\n" + phases
    }

    private func paragraph(_ name: String, _ text: String) -> String {
        "<p class=\"\(name)\">\(Words.markup(text))</p>\n"
    }

    private var numbers: String {
        let statistics = overview.statistics
        guard let first = statistics.firstStamp, let last else { return "no messages" }
        var parts = [
            Format.duration(statistics.lastStamp - first),
            "\(Format.bytes(Int64(statistics.hostByteCount))) host to chip",
            "\(Format.bytes(Int64(statistics.chipByteCount))) chip to host",
            statistics.retries == 1 ? "1 retry" : "\(statistics.retries) retries",
        ]
        if statistics.noiseByteCount > 0 { parts.append("noise: \(plural(statistics.noiseByteCount, "byte"))") }
        parts.append("the last message: \(last.direction.name), \(last.description)")
        return parts.joined(separator: " · ")
    }

    private var phases: String {
        let rows = timeline.phases.map { phase in
            let cells = [
                phase.kind.rawValue, Format.seconds(phase.start &- (overview.origin ?? 0)),
                phase.duration > 0 ? Format.duration(phase.duration) : "–",
                phase.byteCount > 0 ? Format.bytes(Int64(phase.byteCount)) : "", phase.note,
            ]
            let isTrouble = !phase.trouble.isEmpty || !phase.isAnswered || phase.lastWasEOT
            return
                "<tr data-start=\"\(phase.start)\" data-end=\"\(phase.end)\"\(isTrouble ? " class=\"trouble\"" : "")>"
                + cells.map { "<td>\(Words.markup($0))</td>" }.joined() + "</tr>\n"
        }.joined()
        return
            "<table id=\"phases\">\n<caption>Phases\(areAllPhasesTold ? "" : ", the first \(timeline.phases.count)")</caption>\n"
            + "<thead><tr><th>phase</th><th>start</th><th>took</th><th>bytes</th><th>note</th></tr></thead>\n"
            + "<tbody>\n\(rows)</tbody>\n</table>\n"
    }
}
