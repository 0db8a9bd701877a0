import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// The reports of `check`, for people and for programs.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckReportTests {
        private static let client = "python3 \(CheckFolder.client) --port {port} --sync-seconds 4"

        /// A good run and a bad one, in every report.
        @Test func everyReportHasEveryRun() async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(
                "good-bench lost-ack --task write --seeds 3 --junit r.xml --html r.html -- \(Self.client) "
                    + "--bug believes-retries write {image} --address {address}")
            #expect(result.code == 1, "\(result)")
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines[1].hasPrefix("good-bench  write  3     good"), "\(lines)")
            #expect(lines[2].hasPrefix("lost-ack    write  3     lied"), "\(lines)")
            #expect(lines[2].contains("success was reported, but the flash is wrong"))
            #expect(lines.contains { $0.hasPrefix("score: 1 of 2, 1 failure") }, "\(lines)")
            let trace = "check-traces/lost-ack-write-3.pcap"
            #expect(lines.contains("  trace: solderless show \(trace)"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.folder["check-traces"]).count == 1)
            let shown = try await folder.bench.shell("$0 show \(trace)")
            #expect(shown.code == 0 && shown.output.contains("XMODEM write"), "\(shown.error)")
            try await JUnitSchema.check(folder.folder["r.xml"])
            let page = String(decoding: try folder.folder.read("r.html"), as: UTF8.self)
            for text in [
                "lost-ack write seed 3: lied", "good-bench write seed 3: good", "<svg", "now power the device",
                "solderless show \(trace)", "default-src 'none'",
            ] {
                #expect(page.contains(text), "\(text)")
            }
            #expect(!page.contains("<script") && !page.contains("://"), "nothing is loaded")
            #expect(try folder.leftovers == [])
        }

        /// The command that repeats a run does.
        @Test func theCommandRepeatsIt() async throws {
            let folder = try CheckFolder()
            let first = try await folder.run(
                "good-bench", "read", "--bug short-file", check: "--seeds 5 --length 0x4000 --baud 460800")
            let command = try #require(first.run["repeat"]?.string)
            #expect(
                command.hasPrefix("solderless check good-bench --task read --seeds 5 --length 16384 --baud 460800 -- "))
            let reported = try await folder.check(
                String(command.dropFirst("solderless check ".count)).replacing(" -- ", with: " --json -- "))
            let report = try JSONReader.value(of: reported.output.trimmingCharacters(in: .newlines))
            #expect(report["runs"]?.array?.first?["verdicts"] == first.run["verdicts"])
        }

        /// Of a suite that reads all of the flash, too: by itself a run is in no suite.
        @Test func theCommandReadsAsMuchAsTheRun() async throws {
            let folder = try CheckFolder()
            let suite = try await folder.check(
                "--suite standard --task read --json --keep never -- false {port} {out}")
            let report = try JSONReader.value(of: suite.output.trimmingCharacters(in: .newlines))
            let runs = report["runs"]?.array ?? []
            #expect(runs.count > 10, "\(suite.error)")
            for run in runs { #expect(run["repeat"]?.string?.contains(" --length ") == true, "\(run)") }
            let usual = try await folder.run("good-bench", "info", check: "--length 0x4000")
            #expect(usual.run["repeat"]?.string?.contains("--length") == false, "\(usual.run)")
        }

        @Test func anEarlierReportIsCompared() async throws {
            let folder = try CheckFolder()
            let good = "good-bench --task info --json --keep never"
            let before = try await folder.check("\(good) -- \(Self.client) info > old.json; cat old.json")
            #expect(before.code == 0)
            let same = try await folder.check(
                "\(good) --compare old.json --baseline -- \(Self.client) --baud 460800 info")
            #expect(same.code == 0, "\(same)")
            let worse = try await folder.check(
                "good-bench --task info --keep never --compare old.json --baseline -- sh -c 'kill -SEGV $$' {port}")
            #expect(worse.code == 1 && worse.output.contains("worse: good-bench info: good, now crashed"), "\(worse)")
            let none = try await folder.check(
                "\(good) --compare \(CheckFolder.flasher) -- \(Self.client) info")
            #expect(none.code == 2 && none.error.contains("is no report of"), "\(none)")
        }

        @Test func tracesAreKeptAsAsked() async throws {
            let folder = try CheckFolder()
            for (keep, names) in [("never", []), ("failure", []), ("always", ["good-bench-info-1.pcap"])] {
                let result = try await folder.check(
                    "good-bench --task info --keep \(keep) --traces kept -- \(Self.client) info")
                #expect(result.code == 0, "\(result)")
                let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.folder["kept"])) ?? []
                #expect(found == names, "\(keep)")
            }
        }
    }
}
