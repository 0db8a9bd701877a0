import Foundation
import TestForms
import Testing
import Words

#if canImport(FoundationXML)
    import FoundationXML
#endif

extension CheckCommands {
    /// The reports of `check`, for people and for programs.
    @Suite(.enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
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
            try checkJUnit(folder.folder.read("r.xml"), failing: "lost-ack write seed 3")
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

        // MARK: JUnit

        /// The rules of the schema that CI servers share (JUnit.xsd of the Ant task, as Windy Road has written it down).
        private func checkJUnit(_ bytes: [UInt8], failing: String) throws {
            let document = try XMLDocument(data: Data(bytes))
            let root = try #require(document.rootElement())
            #expect(root.name == "testsuites")
            for suite in root.elements {
                #expect(suite.name == "testsuite")
                #expect(
                    suite.attributeNames.isSubset(of: [
                        "name", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time", "package",
                        "id",
                    ]))
                for needed in ["name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"]
                {
                    #expect(suite.attributeNames.contains(needed), "\(needed)")
                }
                let stamp = suite.attribute(forName: "timestamp")?.stringValue ?? ""
                #expect(stamp.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}/) != nil)
                let names = suite.elements.compactMap(\.name)
                let cases = names.filter { $0 == "testcase" }
                #expect(names == ["properties"] + cases + ["system-out", "system-err"])
                #expect(suite.number("tests") == cases.count)
                let tests = suite.elements.filter { $0.name == "testcase" }
                #expect(suite.number("failures") == tests.count { $0.elements.first?.name == "failure" })
                #expect(suite.number("skipped") == tests.count { $0.elements.first?.name == "skipped" })
                for test in tests {
                    #expect(test.attributeNames == ["name", "classname", "time"])
                    #expect(Double(test.attribute(forName: "time")?.stringValue ?? "") != nil)
                    #expect(test.elements.count <= 1)
                    for child in test.elements where child.name == "failure" {
                        #expect(child.attributeNames == ["message", "type"] && child.elements.isEmpty)
                        #expect(test.attribute(forName: "name")?.stringValue == failing)
                        #expect(child.stringValue?.contains("now power the device") == true, "what it printed")
                    }
                }
            }
        }
    }
}

extension XMLElement {
    fileprivate var elements: [XMLElement] { (children ?? []).compactMap { $0 as? XMLElement } }
    fileprivate var attributeNames: Set<String> { Set((attributes ?? []).compactMap(\.name)) }
    fileprivate func number(_ name: String) -> Int? { attribute(forName: name)?.stringValue.flatMap { Int($0) } }
}
