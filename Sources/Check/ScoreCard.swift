import Scenarios
import Wire
import Words

/// What a program survives, over all of its runs.
package struct ScoreCard: Hashable, Sendable {
    /// A run that is right in every way is a point; one that is inconclusive or not tested counts for nothing.
    package private(set) var points = 0
    package private(set) var of = 0
    package private(set) var failures = 0
    package private(set) var missed = 0
    package private(set) var inconclusive = 0
    package private(set) var untested = 0
    /// Scenarios and jobs by what became of them; in their order, each once.
    package private(set) var survived: [String] = []
    package private(set) var lost: [String] = []
    private var isLost: Set<String> = []

    package init(_ results: [CheckResult]) {
        for result in results {
            switch result.outcome {
            case .inconclusive: inconclusive += 1
            case .untested: untested += 1
            case .passed: note(result, good: true)
            case .missed:
                missed += 1
                note(result, good: false)
            case .failed:
                failures += 1
                note(result, good: false)
            }
        }
        survived.removeAll(where: isLost.contains)
    }

    private mutating func note(_ result: CheckResult, good: Bool) {
        of += 1
        var name = "\(result.run.scenario.name) \(result.run.task.commandName)"
        if let cut = result.run.cut { name += " cut in \(cut.stretch.isEmpty ? cut.path : cut.stretch)" }
        if good {
            points += 1
            if !survived.contains(name) { survived.append(name) }
        } else {
            isLost.insert(name)
            let entry = name + " (\(result.word))"
            if !lost.contains(entry) { lost.append(entry) }
        }
    }

    /// For people.
    package var lines: [String] {
        var lines = ["score: \(points) of \(of)"]
        if failures > 0 { lines[0] += ", \(plural(failures, "failure"))" }
        if inconclusive > 0 { lines[0] += ", \(inconclusive) inconclusive" }
        if untested > 0 { lines[0] += ", \(untested) not tested: its session never came there" }
        if !survived.isEmpty { lines += Self.list("survives", survived) }
        if !lost.isEmpty { lines += Self.list("does not", lost) }
        return lines
    }

    /// More are only counted: nobody reads hundreds of names.
    private static let mostNames = 60

    private static func list(_ title: String, _ names: [String]) -> [String] {
        guard names.count <= mostNames else {
            return [Format.left("  \(title):", 13) + "\(names.count) scenarios and jobs"]
        }
        let wrapped = Format.wrapped(
            names.map { $0.replacing(" ", with: "\u{A0}") }.joined(separator: ", "), width: 100)
        return wrapped.enumerated().map { index, line in
            Format.left(index == 0 ? "  \(title):" : "", 13) + line.replacing("\u{A0}", with: " ")
        }
    }
}
