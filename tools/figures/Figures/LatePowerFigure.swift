import Check
import Emulator
import Flasher
import ScenarioFiles
import Scenarios
import Simulation

/// How often an imitated RDTool gets into a plug, against the moment at which the power comes: which sync cadences and
/// durations make the narrow window of which users speak (ECR6600 facts §11.3), and which do not.
enum LatePowerFigure {
    private struct Habit {
        var interval: Duration
        var window: Duration
        var name: String
    }

    /// RDTool's own are not known.
    private static let habits = [
        Habit(interval: .milliseconds(50), window: .seconds(30), name: "every 50 ms for 30 s"),
        Habit(interval: .milliseconds(50), window: .seconds(1), name: "every 50 ms for 1 s"),
        Habit(interval: .milliseconds(50), window: .milliseconds(600), name: "every 50 ms for 0.6 s"),
        Habit(interval: .milliseconds(200), window: .seconds(30), name: "every 200 ms for 30 s"),
        Habit(interval: .milliseconds(200), window: .seconds(1), name: "every 200 ms for 1 s"),
        Habit(interval: .seconds(1), window: .seconds(30), name: "every 1 s for 30 s"),
        Habit(interval: .seconds(1), window: .seconds(3), name: "every 1 s for 3 s"),
    ]

    /// The host begins so long after the line, so that power can come before it.
    private static let start = Duration.seconds(1)
    private static let columns = (-10...30).map { Duration.milliseconds($0 * 50) }
    /// Moments within a column, which is 50 ms wide.
    private static let samples = 20

    private struct Point {
        var scenario: Scenario
        var habit: Habit
        var power: Duration
        var seed: UInt64
    }

    static func files(_ seeds: UInt64) async throws -> Figures.Files {
        var scenario = try Catalogue.scenario("late-power")
        scenario.expectation.ending = .either
        scenario.host.task = .info
        var rows: [String] = []
        var points: [Point] = []
        for uboot in [UBootVersion.v140, .v1311] {
            scenario.chip.uboot = uboot
            for habit in habits {
                rows.append("\(uboot.rawValue), \(habit.name)")
                for column in columns {
                    for sample in 0..<samples {
                        let offset = Duration.milliseconds(50) * sample / samples
                        points.append(
                            Point(
                                scenario: scenario, habit: habit, power: start + column + offset, seed: UInt64(sample)))
                    }
                }
            }
        }
        let successes = try await concurrently(points) { point in
            var trial = Trial(point.scenario, seed: point.seed, dialect: .rdtool)
            trial.scenario.power = PowerSchedule([.init(.start, after: point.power, isOn: true)])
            trial.scenario.host.delay = start
            trial.syncInterval = point.habit.interval
            trial.syncWindow = point.habit.window
            return try trial.run().ending == .success
        }
        let cells = stride(from: 0, to: points.count, by: samples).map { first in
            let count = successes[first..<(first + samples)].count { $0 }
            return Grid.Cell(
                tone: count == 0 ? .faint : .good, opacity: count == 0 ? 100 : 20 + 80 * count / samples,
                hint: "\(count) of \(samples)")
        }
        let grid = Grid(
            title: "Power-on against Start: where an imitated RDTool gets in",
            columnTitle: "power comes so many seconds after Start (each column 50 ms)",
            rowTitle: "uboot, sync word",
            columns: columns.enumerated().map { index, column in
                index % 5 == 0 ? seconds(column) : ""
            },
            rows: rows,
            cells: stride(from: 0, to: cells.count, by: columns.count).map { Array(cells[$0..<($0 + columns.count)]) },
            legend: [(.good, "gets in; the paler, the more rarely"), (.faint, "never")],
            cellWidth: 17, rowLabelWidth: 190)
        return [(".svg", grid.canvas.document)]
    }

    /// With two places, of a whole number of 10 ms.
    private static func seconds(_ duration: Duration) -> String {
        let hundredths = Int(duration / .milliseconds(10))
        let rest = abs(hundredths) % 100
        return "\(hundredths < 0 ? "−" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
