import Foundation
import TestForms
import Testing

extension OfflineCommands {
    /// `simulate --cuts`.
    @Suite struct SimulateCutsTests {
        private static let cuts = ["simulate", "good-bench", "--task", "write", "--cuts"]

        @Test func theEdgesOfEveryStretch() async throws {
            let result = try await Program.run(Self.cuts + ["--quick", "--torn"])
            #expect(result.code == 0, "\(result.error)")
            let lines = result.output.split(separator: "\n")
            #expect(lines[0].split(separator: " ").prefix(4) == ["power", "cut", "in", "cuts"], "\(result.output)")
            for stretch in ["sync", "upload", "XMODEM write"] {
                #expect(lines.contains { $0.hasPrefix(stretch) }, "\(result.output)")
            }
            #expect(lines.contains { $0.hasPrefix("the command given again:") && $0.hasSuffix("right in the end") })
            #expect(lines.last == "seed 1")
            // The same, however many cores there are.
            #expect(try await Program.run(Self.cuts + ["--quick", "--torn", "--jobs", "1"]).output == result.output)
        }

        /// The shares of a run are all of it, each once.
        @Test func sharesAddUp() async throws {
            func cuts(_ options: [String]) async throws -> [String] {
                let result = try await Program.shell(
                    "$0 simulate good-bench --task erase --cuts \(options.joined(separator: " ")) --json | tr '{' '\\n' | "
                        + "sed -n 's/^\"cut\":\"\\([0-9.]*\\)\".*/\\1/p'")
                #expect(result.code == 0, "\(result.error)")
                return result.output.split(separator: "\n").map(String.init)
            }
            let all = try await cuts([])
            // Six sectors are erased, and each message before that is a place as well.
            #expect(all == (1...all.count).map(String.init) && all.count > 12)
            let shares = try await cuts(["--shard", "1/2"]) + cuts(["--shard", "2/2"])
            #expect(shares.sorted() == all.sorted() && shares != all)
        }

        @Test func oneCutIsRepeated() async throws {
            let folder = try Folder()
            let result = try await Program.run(Self.cuts + ["--torn", "--cut", "60.20", "--trace", folder["traces"]])
            #expect(result.code == 0, "\(result.error)")
            #expect(
                result.output.contains(#/cut 60 at \d\.\d{6} s, (after|while) /#)
                    && result.output.contains("cut 60.20 at "))
            #expect(result.output.contains("the command given again\n  the host reports success"), "\(result.output)")
            let names = ["60", "60.20", "60.20-again"].map { "good-bench-cut-\($0).pcap" }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder["traces"]).sorted() == names.sorted())
            let shown = try await Program.run(["show", folder["traces/\(names[0])"], "--kind", "power"])
            #expect(shown.output.contains("off"), "\(shown.output)")
            #expect(try await Program.run(Self.cuts + ["--cut", "100000"]).code == 2)
        }

        @Test(arguments: [
            (["--torn"], "--torn needs --cuts"), (["--cuts", "--depth", "3"], "--depth takes 1 or 2"),
            (["--cuts", "--cut", "0"], "a number from 1"), (["--cuts", "--cut", "3", "--quick"], "leave out --quick"),
            (["--cuts", "--shard", "3/2"], "second of eight shares"), (["--cuts", "--seeds", "1...3"], "one seed"),
            (["--cuts", "--trace", "x"], "--trace needs --cut"), (["--cuts", "--dialect", "all"], "one --dialect"),
            (["--cuts", "--cut", "3", "--json"], "leave out --json"),
        ])
        func usage(options: [String], message: String) async throws {
            let result = try await Program.run(["simulate", "good-bench"] + options)
            #expect(result.code == 2 && result.error.contains(message), "\(result.error)")
        }
    }
}
