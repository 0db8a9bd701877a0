import Check
import Digests
import Line
import Lint
import Scenarios
import Story
import Wire
import Words

/// A check as one page for a browser: the verdicts, and for each run its timeline, what was wrong on the line meanwhile,
/// and beside it what the program printed. It has no script and needs no network.
extension CheckReport {
    package var page: String {
        let score = score
        var body = "<h1>\(markup(flasher))</h1>\n<p class=\"score\">\(score.points) of \(score.of)"
        if score.failures > 0 { body += " · \(plural(score.failures, "failure"))" }
        if score.inconclusive > 0 { body += " · \(score.inconclusive) inconclusive" }
        body += "</p>\n<p>\(markup(circumstances))</p>\n"
        if let comparison { body += list(comparison.lines, "comparison") }
        body += table + rules + entries.enumerated().map { section($1, number: $0 + 1) }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-\(Self.styleHash)'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(markup(flasher)): check</title>
            <style>\(Self.style)</style></head><body>
            \(body)</body></html>

            """
    }

    private var circumstances: String {
        "\(suite.map { "suite \($0)" } ?? "scenarios by name") · seeds \(seeds) · \(plural(jobs, "job")) at once · "
            + "\(Format.duration(wallTime.wholeNanoseconds)) · solderless \(programVersion)"
    }

    private func list(_ lines: [String], _ name: String) -> String {
        "<ul class=\"\(name)\">" + lines.map { "<li>\(markup($0))</li>" }.joined() + "</ul>\n"
    }

    // MARK: Verdicts

    private var table: String {
        let rows = entries.enumerated().map { index, entry in
            let result = entry.result
            return "<tr class=\"\(result.outcome.rawValue)\"><td><a href=\"#run\(index + 1)\">"
                + "\(markup(result.run.label))</a></td><td>\(markup(result.word))</td>"
                + "<td>\(Format.duration(result.duration.wholeNanoseconds))</td>"
                + "<td>\(markup(result.verdicts.first?.reason ?? result.remarks.first ?? ""))</td></tr>\n"
        }
        return "<table><thead><tr><th>run</th><th>verdict</th><th>took</th><th></th></tr></thead>\n<tbody>\n"
            + rows.joined() + "</tbody></table>\n"
    }

    /// What the sessions have in common.
    private var rules: String {
        let rows = brokenRules.map { broken in
            "<tr class=\"\(broken.level.name)\"><td>\(markup(broken.rule.id))</td><td>\(broken.level.name)</td>"
                + "<td>\(broken.runCount)</td><td>\(markup(broken.first))<br>\(markup(broken.rule.remedy))</td></tr>\n"
        }
        guard !rows.isEmpty else { return "" }
        return "<h2>Broken rules</h2>\n<table><thead><tr><th>rule</th><th>level</th><th>runs</th><th>first in</th></tr>"
            + "</thead>\n<tbody>\n" + rows.joined() + "</tbody></table>\n"
    }

    private func section(_ entry: Entry, number: Int) -> String {
        let result = entry.result
        var lines = entry.facts
        lines.append("\(result.ending); last exchange: \(result.lastExchange)")
        lines += result.firings.map { "fault \($0.fault): \($0.count == 1 ? "once" : "\($0.count) times")" }
        let isOpen = result.outcome == .passed ? "" : " open"
        return "<details id=\"run\(number)\" class=\"\(result.outcome.rawValue)\"\(isOpen)>"
            + "<summary>\(markup(result.run.label)): \(markup(result.word))</summary>\n"
            + list(lines, "facts") + "<p>again: <code>\(markup(result.repeating))</code></p>\n"
            + (result.trace.map { "<p>trace: <code>solderless show \(markup(shellWord($0)))</code></p>\n" } ?? "")
            + "<div class=\"beside\"><div>\(entry.session.map(lanes) ?? "<p>no trace</p>")</div>\n"
            + "<pre>\(output(result.output))</pre></div></details>\n"
    }

    private func output(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { markup(String($0)) }.joined(
            separator: "\n")
    }

    // MARK: Timeline

    /// In units of the drawing.
    private static let width = 600
    private static let lane = 18

    /// A bar for each chapter, one below the other; shaded where a fault did something or power changed.
    private func lanes(_ session: CheckedSession) -> String {
        guard let start = session.start, session.end > start else { return "<p>nothing crossed the line</p>" }
        let phases = session.timeline.phases.prefix(60)
        let scale = { (stamp: Int64) in
            Int(Double(max(0, stamp - start)) * Double(Self.width) / Double(session.end - start))
        }
        let height = max(1, phases.count) * Self.lane
        var drawing =
            "<svg viewBox=\"0 0 \(Self.width) \(height)\" role=\"img\" aria-label=\"Timeline\" "
            + "preserveAspectRatio=\"none\">"
        for mark in session.marks {
            drawing +=
                "<rect class=\"fault\" x=\"\(scale(mark.stamp))\" y=\"0\" width=\"3\" height=\"\(height)\">"
                + "<title>\(Format.seconds(mark.stamp - start)) s: \(markup(mark.text))</title></rect>"
        }
        for (row, phase) in phases.enumerated() {
            let isTrouble = !phase.trouble.isEmpty || !phase.isAnswered
            let x = scale(phase.start)
            drawing +=
                "<rect class=\"\(isTrouble ? "trouble" : "phase")\" x=\"\(x)\" y=\"\(row * Self.lane + 3)\" "
                + "width=\"\(max(2, scale(phase.end) - x))\" height=\"\(Self.lane - 6)\">"
                + "<title>\(markup(phase.kind.rawValue)): \(markup(phase.note))</title></rect>"
        }
        return drawing + "</svg>\n<pre class=\"timeline\">\(output(session.timeline.table(barWidth: 1)))</pre>"
            + list(
                session.marks.prefix(40).map { "\(Format.seconds($0.stamp - start)) s: \($0.text)" }, "marks")
    }

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#222;background:#fff}
        .score{font-size:1.6em;margin:.2em 0}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25em \
        .6em;border-bottom:1px solid #ddd}pre,code{font:12.5px/1.4 ui-monospace,monospace;white-space:pre-wrap;\
        overflow-wrap:anywhere}pre{background:#f5f5f5;padding:.6em;margin:0;max-height:40em;overflow:auto}
        .beside{display:grid;grid-template-columns:3fr 2fr;gap:1em}svg{width:100%;height:auto;background:#f5f5f5}
        .phase{fill:#4a7ab5}.trouble{fill:#c0392b}.fault{fill:#e8a33d;fill-opacity:.45}
        tr.failed td:nth-child(2),.failed summary{color:#b00020;font-weight:600}tr.missed td:nth-child(2),\
        .missed summary{color:#9a5b00}tr.error td:nth-child(2){color:#b00020}tr.warning td:nth-child(2){color:#9a5b00}tr.passed td:nth-child(2){color:#1b7a33}details{margin:1em 0;border:1px solid #ddd;\
        padding:.5em .8em}summary{cursor:pointer}
        @media(max-width:60em){.beside{grid-template-columns:1fr}}
        @media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre,svg{background:#242424}td,th,details{\
        border-color:#444}a{color:#8ab4f8}}

        """

    private static let styleHash = base64(SHA256.of(Array(style.utf8)))
}
