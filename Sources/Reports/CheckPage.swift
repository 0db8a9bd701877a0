import Check
import Digests
import Embedded
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
        body += "</p>\n<p class=\"how\">\(markup(circumstances))</p>\n"
        if let comparison { body += list(comparison.lines, "comparison") }
        body += list(remarks.map { "note: \($0)" }, "notes")
        body += table + rules + entries.enumerated().map { section($1, number: $0 + 1) }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(markup(flasher)): check</title>
            <style>\(Self.style)</style></head><body><main>
            \(body)</main></body></html>

            """
    }

    private var circumstances: String {
        "\(suite.map { "suite \($0)" } ?? "scenarios by name") · seeds \(seeds) · \(plural(jobs, "job")) at once · "
            + "\(Format.duration(wallTime.wholeNanoseconds)) · solderless \(programVersion)"
    }

    private func list(_ lines: [String], _ name: String) -> String {
        guard !lines.isEmpty else { return "" }
        return "<ul class=\"\(name)\">" + lines.map { "<li>\(markup($0))</li>" }.joined() + "</ul>\n"
    }

    /// Of every run one line.
    private var table: String {
        let rows = entries.enumerated().map { index, entry in
            let result = entry.result
            return "<tr class=\"\(result.outcome.rawValue)\"><td><a href=\"#run\(index + 1)\">"
                + "\(markup(result.run.label))</a></td><td class=\"verdict\">\(markup(result.word))</td>"
                + "<td>\(Format.duration(result.duration.wholeNanoseconds))</td>"
                + "<td>\(markup(result.verdicts.first?.reason ?? result.remarks.first ?? ""))</td></tr>\n"
        }
        return "<table class=\"summary\" id=\"verdicts\"><thead><tr><th>run</th><th>verdict</th><th>took</th>"
            + "<th>why</th></tr></thead>\n<tbody>\n" + rows.joined() + "</tbody></table>\n"
    }

    /// What the sessions have in common.
    private var rules: String {
        let rows = brokenRules.map { broken in
            "<tr class=\"\(broken.level.name)\"><td>\(markup(broken.rule.id))</td>"
                + "<td class=\"verdict\">\(broken.level.name)</td><td>\(plural(broken.runCount, "run"))</td>"
                + "<td>\(markup(broken.first))<br>\(markup(broken.rule.remedy))</td></tr>\n"
        }
        guard !rows.isEmpty else { return "" }
        return "<h2>Broken rules</h2>\n<table class=\"summary\" id=\"rules\"><thead><tr><th>rule</th><th>level</th>"
            + "<th>in</th><th>first</th></tr></thead>\n<tbody>\n" + rows.joined() + "</tbody></table>\n"
    }

    /// The link of the table leads into the part that may be folded away: browsers unfold it then.
    private func section(_ entry: Entry, number: Int) -> String {
        let result = entry.result
        var facts = entry.facts
        facts.append("\(result.ending); last exchange: \(result.lastExchange)")
        facts += result.firings.map { "fault \($0.fault): \($0.count == 1 ? "once" : "\($0.count) times")" }
        let isOpen = result.outcome == .passed ? "" : " open"
        let timeline = entry.session.map { CheckTimeline($0).markup } ?? "<p>There is no trace.</p>\n"
        return "<details class=\"run \(result.outcome.rawValue)\"\(isOpen)>"
            + "<summary><h2>\(markup(result.run.label)): \(markup(result.word))</h2></summary>\n"
            + "<div id=\"run\(number)\">\n" + list(facts, "facts") + command("To run it again", result.repeating)
            + (result.trace.map { command("Its trace", "solderless show \(shellWord($0))") } ?? "")
            + "<div class=\"beside\"><section><h3>On the line</h3>\n\(timeline)</section>\n"
            + "<section><h3>What the program printed</h3>\n\(output(of: result, number: number))</section></div>\n"
            + "</div></details>\n"
    }

    private func command(_ name: String, _ words: String) -> String {
        "<p class=\"command\">\(name): <code>\(markup(words))</code></p>\n"
    }

    /// It scrolls by itself, also by keyboard.
    private func output(of result: CheckResult, number: Int) -> String {
        guard !result.output.isEmpty else { return "<p>Nothing.</p>\n" }
        // A browser leaves out a line's end that comes first.
        return "<pre class=\"output\" tabindex=\"0\" role=\"group\" aria-label=\"Output of run \(number)\">\n"
            + markupOfLines(result.output) + "</pre>\n"
    }

    private static let style = EmbeddedFile.text(of: "Sources/Reports/Page/check.css")

    /// Nothing is loaded, nothing is run, and only the page's own style counts.
    private static let policy =
        "default-src 'none'; style-src 'sha256-\(base64(SHA256.of(Array(style.utf8))))'; base-uri 'none'; "
        + "form-action 'none'"
}
