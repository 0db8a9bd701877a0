import Check
import Line
import Scenarios
import Wire
import Words

/// Cuts as a report has them: a line a place, what the host said when it was cut, what the flash held then, and what came
/// of the command given again.
extension CheckReport {
    /// For people; nothing where nothing was cut.
    var cutTable: [String] {
        let results = entries.map(\.result).filter { $0.cut != nil }
        guard !results.isEmpty else { return [] }
        var table = TextColumns(rightAligned: [6], indent: 0)
        table.add("cut at", "job", "in", "verdict", "when cut", "flash then", "seconds", "given again", "")
        for result in results {
            guard let cut = result.cut, let asked = result.run.cut else { continue }
            table.add(
                asked.path, result.run.task.commandName, asked.stretch, result.word, Self.word(cut.cut.last?.claim),
                cut.isReached ? cut.cut.last?.holding.contents?.rawValue ?? "" : "",
                String(Format.seconds(result.duration.wholeNanoseconds).dropLast(5)),
                Self.word(cut.again?.claim), result.verdicts.first?.reason ?? (cut.isReached ? "" : "not reached"))
        }
        return [""] + table.lines
    }

    /// What became of all of them, in a line.
    var cutSummary: [String] {
        let cuts = entries.map(\.result).compactMap(\.cut)
        guard !cuts.isEmpty else { return [] }
        let reached = cuts.filter(\.isReached)
        let right = reached.count {
            $0.again?.claim == .success && $0.again?.holding.contents.map { $0 == .new } ?? true
        }
        var line = "\(plural(cuts.count, "cut")): the command given again was right in the end after \(right)"
        if reached.count < cuts.count { line += "; \(cuts.count - reached.count) not reached" }
        return ["", line]
    }

    private static func word(_ claim: Claims.Ending?) -> String {
        switch claim {
        case nil: ""
        case .success: "success"
        case .failure: "failed"
        case .outOfTime: "no end"
        case .crashed: "crashed"
        case .unclear: "unclear"
        }
    }

    /// null for a run that was not to be cut.
    func cutJSON(_ result: CheckResult) -> JSONValue {
        guard let cut = result.cut, let asked = result.run.cut else { return .null }
        return .object([
            .init("at", .string(asked.path)), .init("way", .string(asked.way.rawValue)),
            .init("place", .string(asked.words)), .init("stretch", .string(asked.stretch)),
            .init("kind", .string(asked.points.last?.kind.rawValue ?? "")), .init("reached", .bool(cut.isReached)),
            .init("cut", .array(cut.cut.map(Self.json))), .init("again", cut.again.map(Self.json) ?? .null),
            .init("traces", .array(cut.traces.map { .string($0) })),
        ])
    }

    private static func json(_ ending: CutOutcome.Ending) -> JSONValue {
        .object([
            .init("claim", .string(ending.claim.rawValue)), .init("ending", .string(ending.words)),
            .init("holds", ending.holding.contents.map { .string($0.rawValue) } ?? .null),
            .init(
                "contents",
                .array(
                    ending.holding.stretches.map {
                        .object([
                            .init("address", .integer(Int64($0.range.lowerBound))),
                            .init("byteCount", .integer(Int64($0.range.count))),
                            .init("holds", .string($0.contents.rawValue)),
                        ])
                    })),
        ])
    }
}
