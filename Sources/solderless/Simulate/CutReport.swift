import Check
import Flasher
import Line
import Scenarios
import Simulation
import Wire
import Words

/// What cuts came to, for a person or for a program.
struct CutReport {
    let tally: CutTally
    let campaign: CutCampaign
    let options: CutOptions
    /// The command without what is said of cuts.
    let command: String
    /// The scenario as the command line has it.
    let name: String

    /// Kinds of things that went wrong, of which the text tells; the JSON has all.
    private static let toldLimit = 20

    // MARK: Text

    var text: String {
        var lines: [String] = []
        for depth in 1...options.depth { lines += table(depth) }
        lines += states
        lines += problems
        if let uncut = tally.uncut, !uncut.verdicts.isEmpty {
            lines.append("without a cut: \(uncut.verdicts.map(\.description).joined(separator: "; "))")
        }
        lines.append("seed \(campaign.trial.seed)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the host said when it was cut, and what the flash held then: a row for each stretch.
    private func table(_ depth: Int) -> [String] {
        let entries = tally.entries.filter { $0.path.count == depth }
        guard !entries.isEmpty else { return [] }
        var stretches: [String] = []
        for entry in entries where !stretches.contains(entry.place.stretch) { stretches.append(entry.place.stretch) }
        var table = TextColumns(rightAligned: [1, 2, 3, 4, 5, 6, 7], indent: 0)
        table.add(
            depth > 1 ? "cut again in" : campaign.pullsPlug ? "plug pulled in" : "power cut in", "cuts", "failed",
            "good", "no end", "holds old", "new", "neither")
        for stretch in stretches { table.add(row(stretch, entries.filter { $0.place.stretch == stretch })) }
        if stretches.count > 1 { table.add(row("all", entries)) }
        return table.lines + [""]
    }

    private func row(_ name: String, _ entries: [CutTally.Entry]) -> [String] {
        func count(_ isMeant: (CutTally.Entry) -> Bool) -> String { "\(entries.count(where: isMeant))" }
        return [
            name, "\(entries.count)", count { $0.result.ending == .failure }, count { $0.result.ending == .success },
            count { $0.result.ending == .outOfTime }, count { $0.held == .old }, count { $0.held == .new },
            count { $0.held == .neither },
        ]
    }

    private var states: [String] {
        guard !tally.again.isEmpty else { return [] }
        let good = tally.again.values.count { $0.result.ending == .success && $0.result.verdicts.isEmpty }
        return [
            "the command given again: \(plural(tally.again.count, "state")) of the flash that cuts have left, "
                + "\(good) of them right in the end"
        ]
    }

    private var problems: [String] {
        let wrong = self.wrong
        guard !wrong.isEmpty else { return [] }
        var lines = ["", Console.paint("\(wrong.count) wrong", .red)]
        for one in wrong.prefix(Self.toldLimit) {
            lines.append("  \(one.words): \(one.verdicts.map(\.description).joined(separator: "; "))")
            lines.append("    again: \(command(one.path))")
        }
        if wrong.count > Self.toldLimit { lines.append("  and \(wrong.count - Self.toldLimit) more; --json lists all") }
        return lines + [""]
    }

    /// A cut run, or one after it, with which something is wrong.
    private struct Wrong {
        var path: [Int]
        var words: String
        var verdicts: [Verdict]
    }

    private var wrong: [Wrong] {
        let cut = tally.entries.filter { !$0.result.verdicts.isEmpty }.map { entry in
            Wrong(
                path: entry.path, words: "cut \(Self.text(entry.path)), \(entry.place.words)",
                verdicts: entry.result.verdicts)
        }
        let again = tally.again.values.filter { !$0.result.verdicts.isEmpty }.map { again in
            Wrong(
                path: again.path, words: "given again after cut \(Self.text(again.path))",
                verdicts: again.result.verdicts)
        }
        return (cut + again).sorted { one, other in
            one.path.count == other.path.count
                ? one.path.lexicographicallyPrecedes(other.path) : one.path.count < other.path.count
        }
    }

    private static func text(_ path: [Int]) -> String { path.map(String.init).joined(separator: ".") }

    private func command(_ path: [Int]) -> String { "\(command) \(options.words(repeating: path)) --trace traces" }

    // MARK: JSON

    var json: JSONValue {
        .report([
            .init("scenario", .string(name)), .init("dialect", .string(campaign.trial.dialect.rawValue)),
            .init("task", .string(campaign.trial.task.rawValue)), .init("seed", .string("\(campaign.trial.seed)")),
            .init("torn", .bool(campaign.tears)), .init("plug", .bool(campaign.pullsPlug)),
            .init("asExpected", .bool(tally.isAsExpected)),
            .init("complete", .bool(tally.isComplete)),
            .init("uncut", .string(tally.uncut?.ending.rawValue ?? "")),
            .init("uncutVerdicts", Self.json(tally.uncut?.verdicts ?? [])),
            .init("states", .integer(Int64(tally.again.count))),
            .init("cuts", .array(tally.entries.map(json))),
        ])
    }

    private func json(_ entry: CutTally.Entry) -> JSONValue {
        let again = tally.again[entry.state]?.result
        return .object([
            .init("cut", .string(Self.text(entry.path))), .init("kind", .string(entry.place.kind.rawValue)),
            .init("nanoseconds", .integer(entry.place.moment.nanoseconds)),
            .init("stretch", .string(entry.place.stretch)), .init("place", .string(entry.place.words)),
            .init("ending", .string(entry.result.ending.rawValue)), .init("holds", .string(entry.held.rawValue)),
            .init("verdicts", Self.json(entry.result.verdicts)),
            .init("again", again.map { .string($0.ending.rawValue) } ?? .null),
            .init("againVerdicts", Self.json(again?.verdicts ?? [])), .init("command", .string(command(entry.path))),
        ])
    }

    private static func json(_ verdicts: [Verdict]) -> JSONValue { .array(verdicts.map { .string($0.description) }) }
}
