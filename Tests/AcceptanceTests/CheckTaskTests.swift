import Foundation
import TestForms
import Testing
import Words

extension ForeignHosts {
    /// The jobs and the files that a program can be given.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckTaskTests {
        private static let client = "python3 \(CheckFolder.client) --port {port} --baud {baud}"

        private func runs(_ result: Program.Result) throws -> [JSONValue] {
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            return try #require(report["runs"]?.array, "\(result.error)")
        }

        @Test(arguments: [("", "passed", []), ("--bug erases-less", "failed", ["lie"])])
        func anErase(bug: String, outcome: String, verdicts: [String]) async throws {
            let folder = try CheckFolder()
            let (_, run, error) = try await folder.run("good-bench", "erase", bug)
            #expect(run["outcome"]?.string == outcome && run.verdictNames == verdicts, "\(run) \(error)")
        }

        /// With an odd seed one bit is wrong, and both kinds are run unless a seed is named.
        @Test(arguments: [("", "failure", []), ("--bug compares-nothing", "success", ["lie"])])
        func aVerifyOfWhatIsThereAndOfWhatIsNot(bug: String, odd: String, verdicts: [String]) async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(
                "good-bench --task verify --json --keep never -- \(Self.client) \(bug) \(CheckFolder.jobs["verify"] ?? "")"
            )
            let runs = try runs(result)
            #expect(runs.map { $0["seed"]?.string } == ["1", "2"], "\(result)")
            #expect(runs.map { $0["claim"]?.string } == [odd, "success"], "\(result)")
            #expect(runs.map(\.verdictNames) == [verdicts, []], "\(result)")
            let (_, one, _) = try await folder.run("good-bench", "verify", bug, check: "--seeds 2")
            #expect(one["outcome"]?.string == "passed", "\(one)")
        }

        @Test func aReadIntoAPlaceOfItsOwn() async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(
                "good-bench --task read --json --keep never --length 0x4000 --out mine.bin -- "
                    + "\(Self.client) read mine.bin --length {length}")
            #expect(try runs(result).first?["outcome"]?.string == "passed", "\(result)")
            #expect(try !folder.folder.names().contains("mine.bin"), "removed after the run")
        }

        @Test func anImageOfTheUsers() async throws {
            let folder = try CheckFolder()
            try folder.folder.write((0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "part.bin")
            let write = CheckFolder.jobs["write"] ?? ""
            let result = try await folder.check(
                "good-bench --task write --json --keep never --image part.bin --address 0x9000 -- \(Self.client) \(write)"
            )
            let run = try #require(try runs(result).first)
            #expect(run["outcome"]?.string == "passed", "\(run)")
            #expect(run["repeat"]?.string?.contains("--image part.bin --address 0x9000") == true, "\(run)")
            // 2 MB is all that the bench's flash has.
            let tooFar = try await folder.check(
                "good-bench --task write --keep never --image part.bin --address 0x1FF000 -- \(Self.client) \(write)")
            #expect(tooFar.code == 2 && tooFar.error.contains("the flash has 2097152 bytes"), "\(tooFar)")
            #expect(try folder.leftovers == [])
        }
    }
}
