import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
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

        /// An all-in-one image has its addresses in itself: the command that writes it is given none.
        @Test func anAllInOneImage() async throws {
            let folder = try CheckFolder()
            var image: [UInt8] = Array("oneb".utf8) + [2]
            for (address, byte) in [(0x90 as UInt8, 0x3C as UInt8), (0xC0, 0x5A)] {
                image += [2, 0, address, 0, 0, 0, 0x10, 0, 0] + [UInt8](repeating: byte, count: 4096)
            }
            try folder.folder.write(image, to: "all.bin")
            let result = try await folder.check(
                "good-bench --flasher solderless --task write --json --keep never --image all.bin")
            let run = try #require(try runs(result).first)
            #expect(run["outcome"]?.string == "passed", "\(run)")
            #expect(result.output.contains("{address} is left out"), "\(result.output)")
        }

        /// Nothing is run where one of the flashes has no room, however late it would come.
        @Test func anImageThatIsTooLargeForOneOfThem() async throws {
            let folder = try CheckFolder()
            try folder.folder.write([UInt8](repeating: 1, count: 4096), to: "part.bin")
            let result = try await folder.check(
                "good-bench late-power --task write --keep never --image part.bin --address 0x1FFF00 "
                    + "-- sh -c 'touch ran; exit 1' {port} {image}")
            #expect(result.code == 2 && result.error.contains("the image ends at 0x200F00"), "\(result)")
            #expect(try !folder.folder.names().contains("ran"))
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
