import Foundation

/// Draws the pictures of the docs from runs in virtual time: `make figures`.
///
/// Every picture is a function of the seeds: drawn again on another machine it is the same file.
@main
struct Figures {
    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let folder = arguments.popLast(), let seeds = UInt64(arguments.popLast() ?? "1000"), seeds > 0,
            arguments.isEmpty
        else {
            FileHandle.standardError.write(Data("usage: Figures [SEEDS] FOLDER\n".utf8))
            exit(2)
        }
        let place = URL(fileURLWithPath: folder, isDirectory: true)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (name, make) in all {
            let clock = ContinuousClock()
            let start = clock.now
            for (suffix, text) in try await make(seeds) {
                try Data(text.utf8).write(to: place.appendingPathComponent("\(name)\(suffix)"), options: .atomic)
            }
            print("\(name): \(start.duration(to: clock.now).formatted(.time(pattern: .minuteSecond)))")
        }
    }

    /// A picture's files by their names' ends.
    typealias Files = [(suffix: String, text: String)]

    private static let all: [(String, @Sendable (UInt64) async throws -> Files)] = [
        ("late-power", LatePowerFigure.files),
        ("adapter-1v8", AdapterRegionFigure.files),
        ("missing-ground", MissingGroundFigure.files),
        ("diagnoses", DiagnosisFigure.files),
    ]
}
