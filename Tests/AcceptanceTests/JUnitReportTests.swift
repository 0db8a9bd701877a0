import Foundation
import TestForms
import Testing
import Words

#if canImport(FoundationXML)
    import FoundationXML
#endif

extension CheckCommands {
    /// `check --junit`, as CI servers read it.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct JUnitReportTests {
        /// A run that is good, one of a program that prints what no XML may have, and one that says nothing of its program.
        private static let flasher = """
            solderless: 1
            kind: flasher
            name: three
            settings: {client: flasher.py, hostile: hostile.py}
            commands:
              info: python3 {client} --port {port} info
              read: [python3, "{hostile}", "{port}", "{out}", "<&\\"'>]]>"]
              write: [sh, -c, "kill -STOP $PPID; sleep 0.2; kill -CONT $PPID; exit 1", "{port}"]
            """

        @Test func allKindsOfRunsAreValid() async throws {
            let folder = try CheckFolder()
            try folder.folder.write(Array(Self.flasher.utf8), to: "<&'\">\u{1}.yaml")
            let result = try await folder.check(
                "good-bench --flasher \"./<&'\\\">\u{1}.yaml\" --set client=\(CheckFolder.client) "
                    + "--set hostile=\(CheckFolder.hostile) --task info --task read --task write --junit r.xml --json")
            #expect(result.code == 1, "\(result.error)")
            try await JUnitSchema.check(folder.folder["r.xml"])
            let suite = try Suite(folder.folder.read("r.xml"))
            #expect(suite.children("testcase").map(\.outcome) == ["passed", "failure", "skipped"])
            #expect(suite.numbers == ["tests": 3, "failures": 1, "skipped": 1, "errors": 0])
            let output = suite.children("testcase")[1].children("failure").first?.stringValue ?? ""
            // What was markup is text again, and what XML cannot carry is spelled out.
            for text in [
                "<script>document.title = \"owned\"", "]]> <![CDATA[ --> <!-- &amp; &#60;b&#62;",
                "control 85: \\u{85}.",
                "control 09: \t.", "code point FFFE: \\u{FFFE}.", "code point 202E: \\u{202E}.", "温度", "last words",
                "--flasher './<&'\\''\">\\u{1}.yaml'",
            ] {
                #expect(output.contains(text), "\(text)")
            }
            let skipped = suite.children("testcase")[2].children("skipped").first?.attribute(forName: "message")
            #expect(skipped?.stringValue?.hasPrefix("the bench was late, by up to ") == true, "\(skipped as Any)")
        }

        /// A schema that takes everything would say nothing: this is what it refuses, and what it must not.
        @Test(arguments: [
            Change("", "", isValid: true),
            Change("<system-err></system-err>", "<system-err/>", isValid: true),
            Change(">text<", ">温度 🔌<", isValid: true),
            Change("name=\"b read seed 1\"", "name=\"a read seed 1\"", isValid: true),
            Change("classname=\"check.b\" name=\"b", "classname=\"check.a\" name=\"a"),
            Change("classname=\"check.a\"", "classname=\"a\""),
            Change(" id=\"0\"", ""), Change(" message=\"m\"", ""), Change("type=\"lied\"", "type=\"\""),
            Change("<system-out>o</system-out>", ""), Change("<properties></properties>", ""),
            Change("</failure>", "</failure><system-out>o</system-out>"),
            Change("02:00:00\"", "02:00:00Z\""), Change("time=\"1.000\"", "time=\"1,000\""),
            Change("tests=\"2\"", "tests=\"-2\""), Change(">text<", "><b>text</b><"),
            Change(">text<", ">\u{1B}<"), Change(">text<", ">&#27;<"), Change(">text<", ">\u{FFFE}<"),
        ])
        func theSchemaIsStrict(change: Change) async throws {
            let folder = try Folder()
            let text =
                "<testsuites><testsuite name=\"f\" package=\"p\" id=\"0\" timestamp=\"2026-11-27T02:00:00\" "
                + "hostname=\"localhost\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"1.000\">"
                + "<properties></properties><testcase classname=\"check.a\" name=\"a read seed 1\" time=\"0.100\"/>"
                + "<testcase classname=\"check.b\" name=\"b read seed 1\" time=\"0.100\">"
                + "<failure message=\"m\" type=\"lied\">text</failure></testcase>"
                + "<system-out>o</system-out><system-err></system-err></testsuite></testsuites>"
            try #require(change.part.isEmpty || text.contains(change.part))
            let changed = change.part.isEmpty ? text : text.replacing(change.part, with: change.other)
            try folder.write(Array(changed.utf8), to: "r.xml")
            let result = try await JUnitSchema.lint(folder["r.xml"])
            #expect((result.code == 0) == change.isValid, "\(result.error)")
        }

        /// Of a report that is valid.
        struct Change {
            let part: String
            let other: String
            let isValid: Bool

            init(_ part: String, _ other: String, isValid: Bool = false) {
                (self.part, self.other, self.isValid) = (part, other, isValid)
            }
        }

        /// The one suite of a report.
        private struct Suite {
            let element: XMLElement

            init(_ bytes: [UInt8]) throws {
                let root = try #require(XMLDocument(data: Data(bytes)).rootElement())
                element = try #require(root.children("testsuite").first)
            }

            func children(_ name: String) -> [XMLElement] { element.children(name) }

            var numbers: [String: Int] {
                var numbers: [String: Int] = [:]
                for name in ["tests", "failures", "skipped", "errors"] {
                    numbers[name] = element.attribute(forName: name)?.stringValue.flatMap { Int($0) }
                }
                return numbers
            }
        }
    }
}

extension XMLElement {
    fileprivate func children(_ name: String) -> [XMLElement] {
        (children ?? []).compactMap { $0 as? XMLElement }.filter { $0.name == name }
    }

    /// Of a test case.
    fileprivate var outcome: String { (children ?? []).compactMap { ($0 as? XMLElement)?.name }.first ?? "passed" }
}
