import Foundation
import TestForms
import Testing

extension OfflineCommands {
    /// `show --html`: a page for a browser.
    @Suite struct HTMLPageTests {
        private let traces = "\(Program.root)/traces"

        private static let hasNode = FileManager.default.isExecutableFile(atPath: "/usr/bin/node")
        private static let noNode: Comment = "no /usr/bin/node to run the page's functions: apt-get install nodejs"
        private static let script = "\(Program.root)/Tests/Page/page.js"

        @Test func aPageAppearsWhole() async throws {
            let folder = try Folder()
            let trace = "\(traces)/late-power-community-1.pcap"
            let result = try await Program.run(["show", "--html", folder["out.html"], trace])
            #expect(result.code == 0 && result.output.isEmpty, "\(result.error)")
            let page = String(decoding: try folder.read("out.html"), as: UTF8.self)
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
            #expect(page.contains("power came"))
            #expect(try await Program.run(["show", "--html", folder["out.html"], trace]).code == 3, "no overwriting")
            #expect(
                try await Program.run(["show", "--html", folder["out.html"], "--overwrite", trace]).code == 0)
            #expect(try await Program.run(["show", "--html", "-", trace]).output == page)
            #expect(try folder.names() == ["out.html"])
        }

        @Test(arguments: [
            (["--html", "x", "--csv"], "--csv and --html are two views"),
            (["--html", "x", "--end", "chip"], "--html is about the host's end"),
            (["--html", "x", "--json"], "--html has a format"),
            (["--html", "x", "--grep", "y"], "choose among events"),
        ])
        func oneViewAtATime(options: [String], message: String) async throws {
            let result = try await Program.run(["show", "\(traces)/efuse.pcap"] + options)
            #expect(result.code == 2 && result.error.contains(message), "\(result.error)")
        }

        /// A damaged trace is a page of all that comes before the damage.
        @Test func whatComesBeforeADamageIsAPage() async throws {
            let folder = try Folder()
            var bytes = try Folder.contents(of: "\(traces)/write-64k.pcap")
            bytes.replaceSubrange(40_000..<40_064, with: [UInt8](repeating: 0xFF, count: 64))
            try folder.write(bytes, to: "t.pcap")
            let result = try await Program.run(["show", "--html", folder["out.html"], folder["t.pcap"]])
            #expect(result.code == 3 && result.error.contains("damaged at byte"), "\(result.error)")
            let page = String(decoding: try folder.read("out.html"), as: UTF8.self)
            #expect(page.contains("class=\"rows\"") && page.hasSuffix("</html>\n"))
        }

        /// What finds, gathers and aligns in the page's script.
        @Test(
            .enabled(if: hasNode, noNode),
            arguments: byForm(
                short: [
                    "late-power-community-1", "lost-ack-vendor-1", "missing-ground-community-1", "read-64k", "efuse",
                ],
                long: try FileManager.default.contentsOfDirectory(atPath: "\(Program.root)/traces")
                    .filter { $0.hasSuffix(".pcap") }.map { String($0.dropLast(5)) }))
        func thePagesFunctionsWork(name: String) async throws {
            let folder = try Folder()
            let tried = try await Program.shell(
                """
                cd \(folder.path) && $0 show --html page.html \(traces)/\(name).pcap &&
                /usr/bin/node \(Self.script) functions page.html
                """)
            #expect(tried.code == 0 && tried.output == "good\n", "\(tried.error)")
        }

        /// What the page's script reads is what `show --json --hex` prints, of traces in the repository.
        @Test(.enabled(if: hasNode, noNode))
        func thePageReadsWhatShowPrints() async throws {
            let folder = try Folder()
            let files = try FileManager.default.contentsOfDirectory(atPath: traces).filter { $0.hasSuffix(".pcap") }
            for file in byForm(
                short: Array(files.sorted().enumerated().filter { $0.offset % 3 == 0 }.map(\.element)), long: files)
            {
                let trace = "\(traces)/\(file)"
                let made = try await Program.shell(
                    """
                    cd \(folder.path) && $0 show --html page.html --overwrite \(trace) &&
                    /usr/bin/node \(Self.script) rows page.html >rows &&
                    $0 show --json --hex \(trace) >lines
                    """)
                #expect(made.code == 0, "\(file): \(made.error)")
                let rows = try Self.objects(folder.read("rows"))
                var lines = try Self.objects(folder.read("lines"))
                for index in lines.indices {
                    lines[index]["schema"] = nil
                    if let pitfall = lines[index]["pitfall"] as? [String: Any] {
                        lines[index]["pitfall"] = pitfall["text"]
                    }
                }
                try #require(!rows.isEmpty && rows.count == lines.count, "\(file)")
                let first = zip(rows, lines).first { !NSDictionary(dictionary: $0).isEqual(to: $1) }
                #expect(first == nil, "\(file): \(String(describing: first))")
            }
        }

        private static func objects(_ bytes: [UInt8]) throws -> [[String: Any]] {
            try bytes.split(separator: UInt8(ascii: "\n")).map {
                try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
            }
        }
    }
}
