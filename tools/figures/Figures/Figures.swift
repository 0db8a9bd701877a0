import Foundation

/// Draws the pictures of the docs from runs in virtual time: `make figures`.
///
/// Every picture is a function of the seeds: drawn again on another machine it is the same file. Names pick some of
/// them; all is the usual.
@main
struct Figures {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let known = all.map(\.0)
        guard arguments.count >= 2, let seeds = UInt64(arguments[0]), (1...1_000_000).contains(seeds),
            arguments.dropFirst(2).allSatisfy(known.contains)
        else {
            let usage = "usage: Figures SEEDS FOLDER [NAME…]; names are \(known.joined(separator: ", "))\n"
            FileHandle.standardError.write(Data(usage.utf8))
            exit(2)
        }
        let wanted = arguments.dropFirst(2)
        let place = URL(fileURLWithPath: arguments[1], isDirectory: true)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (name, make) in all where wanted.isEmpty || wanted.contains(name) {
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
