import Check
import Flasher
import Line
import ScenarioFiles
import Scenarios
import Simulation

/// Where in the range of its parameters the model of an adapter at 1.8 V does what three users reported (ECR6600 facts
/// §11.3): writing by XMODEM works, reading by XMODEM fails, reading by upload works.
enum AdapterRegionFigure {
    private static let lifts = [200, 250, 300, 350, 400, 450, 500, 600, 700, 800]
    private static let sags: [Int64] = [500, 1000, 2000, 3000, 4000, 6000, 8000, 12000, 16000]
    private static let samples: UInt64 = 5

    private enum Report: CaseIterable {
        case xmodemWrite, xmodemRead, upload

        var dialect: Dialect { self == .upload ? .vendor : .community }
        var task: Scenario.Task { self == .xmodemWrite ? .write : .backup }
    }

    private struct Point {
        var scenario: Scenario
        var report: Report
        var seed: UInt64
    }

    static func files(_ seeds: UInt64) async throws -> Figures.Files {
        var scenario = try Catalogue.scenario("adapter-1v8")
        scenario.expectation.ending = .either
        var points: [Point] = []
        for lift in lifts {
            for sag in sags {
                var rail = ClampRail()
                rail.lift = lift
                rail.sagTime = sag * 1000
                scenario.rail = rail
                for report in Report.allCases {
                    for seed in 0..<samples { points.append(Point(scenario: scenario, report: report, seed: seed)) }
                }
            }
        }
        let successes = try await concurrently(points) { point in
            var trial = Trial(point.scenario, seed: point.seed, dialect: point.report.dialect)
            trial.task = point.report.task
            return try trial.run().ending == .success
        }
        let perReport = Int(samples)
        let perCell = perReport * Report.allCases.count
        let cells = stride(from: 0, to: points.count, by: perCell).map { first in
            cell(
                Report.allCases.indices.map { index in
                    let start = first + index * perReport
                    return successes[start..<(start + perReport)].count { $0 }
                })
        }
        let grid = Grid(
            title: "An adapter at 1.8 V: where the model does what users reported",
            columnTitle: "time constant of the sag, ms", rowTitle: "lift, mV",
            columns: sags.map { $0 % 1000 == 0 ? "\($0 / 1000)" : "0.\($0 / 100)" },
            rows: lifts.map(String.init),
            cells: stride(from: 0, to: cells.count, by: sags.count).map { Array(cells[$0..<($0 + sags.count)]) },
            legend: [
                (.good, "as reported: XMODEM writes, does not read; upload reads"),
                (.fair, "reading by XMODEM works, too, at least sometimes"),
                (.bad, "writing by XMODEM or upload fails, at least sometimes"),
                (.faint, "nothing works"),
            ])
        return [(".svg", grid.canvas.document)]
    }

    /// - Parameter counts: successes of each report, of `samples`.
    private static func cell(_ counts: [Int]) -> Grid.Cell {
        let hint = "of \(samples): \(counts[0]) writes, \(counts[1]) XMODEM reads, \(counts[2]) uploads"
        let all = Int(samples)
        let tone: Canvas.Tone =
            if counts == [all, 0, all] {
                .good
            } else if counts.allSatisfy({ $0 == 0 }) {
                .faint
            } else if counts[0] == all, counts[2] == all {
                .fair
            } else {
                .bad
            }
        return Grid.Cell(tone: tone, hint: hint)
    }
}
