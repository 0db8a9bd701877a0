import Check
import Flasher
import ScenarioFiles
import Scenarios
import Simulation

/// What really was wrong against what the reference flasher says: every scenario in every dialect.
enum DiagnosisFigure {
    private struct Point {
        var scenario: Scenario
        var dialect: Dialect
        var seed: UInt64
    }

    static func files(_ seeds: UInt64) async throws -> Figures.Files {
        let scenarios = try Catalogue.scenarioNames.map { try Catalogue.scenario($0) }
        var points: [Point] = []
        for scenario in scenarios {
            for dialect in Dialect.allCases {
                for seed in 0..<seeds { points.append(Point(scenario: scenario, dialect: dialect, seed: seed)) }
            }
        }
        let endings = try await concurrently(points) { point in
            Ending(try Trial(point.scenario, seed: point.seed, dialect: point.dialect).run(), of: point.scenario)
        }
        let rows = stride(from: 0, to: points.count, by: Int(seeds)).map { first in
            Row(points[first].scenario, points[first].dialect, Array(endings[first..<(first + Int(seeds))]))
        }
        let wrong = rows.reduce(0) { $0 + $1.unexpected }
        return [
            (".svg", picture(rows).document),
            (".md", Row.table(rows) + "\n\(points.count) runs, \(wrong) of them not as the scenario says.\n"),
        ]
    }

    private struct Ending: Sendable {
        var isSuccess: Bool
        var causeClass: CauseClass?
        /// From 1; nil where the cause is not named or none is expected.
        var rank: Int?
        var isLie: Bool
        var isUnexpected: Bool

        init(_ result: TrialResult, of scenario: Scenario) {
            isSuccess = result.ending == .success
            causeClass = result.causeClass
            isLie = result.isLie
            isUnexpected = !result.verdicts.isEmpty
            guard let cause = scenario.expectation.cause, let diagnosis = result.failure?.diagnosis else { return }
            rank = diagnosis.causes.firstIndex(of: cause).map { $0 + 1 }
        }
    }

    private struct Row {
        var name: String
        var cause: String
        var runs: Int
        var successes: Int
        var lies: Int
        var unexpected: Int
        var counts: [Int]
        var undiagnosed: Int
        var worstRank: Int?

        init(_ scenario: Scenario, _ dialect: Dialect, _ endings: [Ending]) {
            name = "\(scenario.name), \(dialect.rawValue)"
            cause = scenario.expectation.cause?.rawValue ?? "–"
            runs = endings.count
            successes = endings.count { $0.isSuccess }
            lies = endings.count { $0.isLie }
            unexpected = endings.count { $0.isUnexpected }
            counts = CauseClass.allCases.map { each in endings.count { $0.causeClass == each } }
            undiagnosed = runs - successes - counts.reduce(0, +)
            worstRank = endings.compactMap(\.rank).max()
        }

        static func table(_ rows: [Row]) -> String {
            var text =
                "| scenario, dialect | cause | runs | success | lies | as expected | diagnosed as | cause's place |\n"
            text += "|---|---|--:|--:|--:|--:|---|--:|\n"
            for row in rows {
                let classes = zip(CauseClass.allCases, row.counts).filter { $0.1 > 0 }
                    .map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", ")
                text += "| \(row.name) | \(row.cause) | \(row.runs) | \(row.successes) | \(row.lies) "
                text += "| \(row.runs - row.unexpected) | \(classes) | \(row.worstRank.map(String.init) ?? "") |\n"
            }
            return text
        }
    }

    private static func picture(_ rows: [Row]) -> Canvas {
        let names = ["success"] + CauseClass.allCases.map(\.rawValue)
        let grid = Grid(
            title: "What was wrong, and what the reference flasher says",
            columnTitle: "", rowTitle: "scenario, dialect",
            columns: names, rows: rows.map(\.name),
            cells: rows.map { row in
                ([row.successes] + row.counts).enumerated().map { column, count in
                    let percent = count * 100 / max(1, row.runs)
                    return Grid.Cell(
                        tone: count == 0 ? .faint : column == 0 ? .good : .bad,
                        opacity: count == 0 ? 100 : 25 + percent * 3 / 4,
                        text: count == 0 ? "" : "\(percent)", hint: "\(count) of \(row.runs)")
                }
            },
            legend: [
                (.good, "percent of the runs that ended well"), (.bad, "percent that failed with this diagnosis"),
            ],
            cellWidth: 44, cellHeight: 18, rowLabelWidth: 248, hasTallColumnNames: true)
        return grid.canvas
    }
}
