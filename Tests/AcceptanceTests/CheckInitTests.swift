import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// `check init` and `check demo`: how one begins.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckInitTests {
        private static let read =
            "python3 \(CheckFolder.client) --port {port} --sync-seconds 4 read {out} --length {length}"

        /// Answers on standard input; what is written judges the flasher.
        @Test func aFileFromThreeAnswers() async throws {
            let folder = try CheckFolder()
            try folder.folder.write(Array("\(Self.read)\n\n\n".utf8), to: "answers")
            let result = try await folder.check("init --name mine < answers")
            #expect(result.code == 0 && result.error.contains("mine.yaml is written"), "\(result)")
            #expect(result.error.contains("  | done"), "what it printed is shown")
            let text = String(decoding: try folder.folder.read("mine.yaml"), as: UTF8.self)
            #expect(text.contains("{out} is the file that it writes"), "\(text)")
            let checked = try await folder.check("good-bench --flasher ./mine.yaml")
            #expect(checked.code == 0 && checked.output.contains("score: 1 of 1"), "\(checked)")
            let again = try await folder.check("init --name mine < answers")
            #expect(again.code == 2 && again.error.contains("--overwrite replaces it"), "\(again.error)")
            #expect(try folder.leftovers == [])
        }

        /// A program that does not do well where nothing is wrong gets no file.
        @Test func noFileOfOneThatFails() async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(
                "init --read 'python3 \(CheckFolder.client) --port {port} --bug short-file read {out} --length {length}' "
                    + "--write '' --power-prompt 'now power the device'")
            #expect(result.code == 1 && result.error.contains("no file was written"), "\(result)")
            #expect(result.error.contains("lied: what was read differs"), "\(result.error)")
            #expect(try folder.folder.names() == ["run", "tmp"] && folder.leftovers == [])
        }

        @Test(
            arguments: [
                ("--read 'f {port}'", 2, "the command has no {out}"),
                ("--read 'f {out}'", 2, "the command has no {port}"),
                ("--read 'f {port} {out} {prot}'", 2, "did you mean \"port\""),
                ("--read \"f '{port} {out}\"", 2, "a quote"),
                ("", 2, "name a command"), ("--read 'f {port} {out}' --file /nosuch/f.yaml", 3, "/nosuch"),
                ("--name a/b", 2, "--name takes"), ("--power-prompt \"$(printf '\\007')\"", 2, "printable text"),
                ("--read \"$(printf 'caf\\351 {port} {out}')\"", 2, "no UTF-8"),
            ] as [(String, Int32, String)])
        func whatCannotBeIsSaidAtOnce(words: String, code: Int32, complaint: String) async throws {
            let folder = try CheckFolder()
            let result = try await folder.check("init \(words) < /dev/null")
            #expect(result.code == code && result.error.contains(complaint), "\(result)")
            #expect(try folder.folder.names() == ["run", "tmp"])
        }

        /// Each planted bug is listed with what it does, and one is caught.
        @Test func aDemo() async throws {
            let folder = try CheckFolder()
            let list = try await folder.check("demo")
            #expect(list.code == 0 && list.output.contains("exits-zero"), "\(list)")
            let rows = list.output.split(separator: "\n").dropFirst().dropLast()
            #expect(
                rows.count == 10 && rows.allSatisfy { $0.split(separator: " ").count > 5 }, "each says what it does")
            let result = try await folder.check("demo exits-zero")
            #expect(result.code == 0 && result.output.contains("lied"), "\(result)")
            #expect(result.output.contains("Caught."))
            #expect(try await folder.check("demo exit-zero").error.contains("did you mean \"exits-zero\""))
            #expect(try folder.folder.names() == ["run", "tmp"] && folder.leftovers == [])
        }
    }
}
