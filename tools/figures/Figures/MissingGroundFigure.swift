import Check
import Flasher
import ScenarioFiles
import Simulation

/// What an imitated RDTool says when no ground joins adapter and supply: `recv length is: N` (ECR6600 facts §11.3).
enum MissingGroundFigure {
    static func files(_ seeds: UInt64) async throws -> Figures.Files {
        let scenario = try Catalogue.scenario("missing-ground")
        let results = try await concurrently(Array(0..<seeds)) { seed in
            try Trial(scenario, seed: seed, dialect: .rdtool).run()
        }
        let last = results.map { $0.receivedLengths.last }
        let counts = [nil, 1, 2, 3].map { length in last.count { $0 == length } }
        let more = last.count { $0 ?? 0 > 3 }
        let bars = Bars(
            title: "No common ground: the last N of \"recv length is: N\"",
            bars: [
                .init(name: "nothing printed", count: counts[0], tone: .other),
                .init(name: "1", count: counts[1], tone: .good),
                .init(name: "2", count: counts[2], tone: .good),
                .init(name: "3", count: counts[3], tone: .good),
                .init(name: "more", count: more, tone: .bad),
            ],
            note: "seeds 0..<\(seeds); \(results.count { $0.ending == .success }) of them ended in success")
        return [(".svg", bars.canvas.document)]
    }
}
