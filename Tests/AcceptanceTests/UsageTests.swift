import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// Exit codes and complaints: 0 good, 1 the thing under test failed, 2 wrong usage, 3 the environment failed.
    @Suite struct UsageTests {
        @Test(arguments: [
            ["nosuch"], ["emulate", "--nosuch"], ["emulate", "--fifo", "3"], ["emulate", "--flash-id", "xyz"],
            ["emulate", "--start", "rom", "--strict", "--time", "fast"],
            ["emulate", "--start", "off", "--power-after", "1"],
            ["emulate", "--overwrite"], ["emulate", "--time", "fast", "--real-erase"],
            ["emulate", "--flash", "/tmp/x", "--trace", "/tmp/../tmp/x"],
            ["flash", "info"], ["flash", "write", "--port", "/dev/null"],
            ["flash", "read", "--port", "p", "f", "--address", "0"], ["flash", "erase", "--port", "p"],
            ["flash", "erase", "--port", "p", "--address", "1", "--length", "4096"],
            ["flash", "info", "--port", "p", "--baud", "0"],
            ["flash", "read", "--port", "p", "f", "--length", "0x+5"],
            ["flash", "read", "--port", "p", "f", "--length", "16", "--address=-0"],
            ["show"], ["diff", "only-one"], ["import", "x"], ["replay"],
        ])
        func wrongUsageIs2(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 2, "\(result.error)")
            #expect(result.error.contains("rror"))
            #expect(result.output.isEmpty)
        }

        /// What was meant, and what would have been right.
        @Test(arguments: [
            (["emualte"], #"error: there is no command "emualte"; did you mean "emulate"?"#),
            (["flash", "wrte"], #"error: there is no command "wrte"; did you mean "write"?"#),
            (["help", "flsh"], #"error: there is no command "flsh"; did you mean "flash"?"#),
            (["help", "image", "shwo"], #"error: there is no command "shwo"; did you mean "show"?"#),
            (["emulate", "--power-after", "-1"], "error: --power-after takes 0 to 86400 seconds, not -1.0"),
            (["diff", "a", "b", "--timing", "-1"], "error: --timing takes 0 to 3600000 milliseconds, not -1.0"),
            (["diff", "a", "b", "--window", "3"], "error: --window takes 4 to 256 steps, not 3"),
            (["diff", "a", "b", "--most", "0"], "error: --most takes 1 to 100000, not 0"),
            (["show", "t", "--kind", "requst"], #"error: there is no kind "requst"; did you mean "request"?"#),
            (["show", "t", "--from", "3", "--to", "2"], "error: --from 3.0 is after --to 2.0"),
            (["emulate", "--nosuch"], "error: Unknown option '--nosuch'"),
        ])
        func wrongUsageIsNamed(arguments: [String], message: String) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 2)
            #expect(result.error.split(separator: "\n").first.map(String.init) == message)
        }

        /// What stands behind `--` is the words of another program.
        @Test func negativeNumbersOfAChildAreItsOwn() async throws {
            let result = try await Program.run(["run", "--no-control", "--", "printf", "%s ", "--offset", "-1"])
            #expect(result.output == "--offset -1 ", "\(result.error)")
        }

        @Test(arguments: [
            ["flash", "info", "--port", "/nonexistent/port"], ["flash", "info", "--port", "/dev/null"],
            ["show", "/nonexistent.pcap"], ["diff", "/nonexistent.pcap", "/nonexistent.pcap"],
            ["replay", "/nonexistent.pcap"],
            ["import", "/nonexistent.jsonl", "-o", "/tmp/never.pcap"], ["emulate", "--trace", "/nonexistent/t.pcap"],
            ["emulate", "--flash", "/nonexistent/folder/flash.bin", "--efuse", "/nonexistent"],
            ["emulate", "--rom", "/nonexistent"], ["emulate", "--flash", "/nonexistent/flash.bin"],
            ["emulate", "--flash", "/tmp"], ["emulate", "--efuse", "/dev/zero"],
            ["flash", "read", "/nonexistent/f.bin", "--port", "/nonexistent/port"],
            ["demo", "--output", "/dev/null/x"],
        ])
        func aBadEnvironmentIs3(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 3, "\(result.error)")
            #expect(result.error.contains("error:"))
        }

        /// `run` leaves all lower codes to the command.
        @Test(arguments: [["run"], ["run", "--bogus"], ["run", "--timeout", "0", "--", "true"]])
        func wrongUsageOfRunIs125(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 125, "\(result.error)")
            #expect(result.error.contains("rror"))
        }

        @Test(arguments: [["--efuse", "/nonexistent"], ["--rom", "/tmp"], ["--flash", "/nonexistent/f"]])
        func whatFailsAroundRunIs125(arguments: [String]) async throws {
            #expect(try await Program.run(["run"] + arguments + ["--", "true"]).code == 125)
        }

        @Test(arguments: [
            ["--help"], ["--version"], ["help", "emulate"], ["emulate", "--help"], ["run", "--help"],
            ["flash", "--help"],
            ["flash", "write", "--help"], ["show", "--help"], ["replay", "--help"], ["diff", "--help"],
            ["import", "--help"], ["record", "--help"],
            ["demo", "--help"], ["workbench", "--help"], ["workbench", "--version"],
        ])
        func helpIs0(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 0)
            #expect(!result.output.isEmpty)
        }

        /// It is a program of its own, and says what `solderless` would say.
        @Test(arguments: [
            (["--board", "tnce-plugg"], "error: --board: there is no board tnce-plugg; did you mean \"tnce-plug\"?"),
            (["--bord", "evk"], "error: Unknown option '--bord'"),
            (["--port", "70000"], "error: The value '70000' is invalid for '--port <number>'"),
            (["--link", "x", "--no-link"], "error: --link contradicts --no-link"),
        ])
        func wrongUsageOfTheWorkbench(options: [String], message: String) async throws {
            let result = try await Program.run(["workbench"] + options)
            #expect(result.code == 2 && result.output.isEmpty)
            #expect(result.error.hasPrefix(message), "\(result.error)")
        }

        /// Without it there is still its help, and the way to build it.
        @Test func aWorkbenchThatIsNotThere() async throws {
            let folder = try Folder()
            let result = try await Program.shell(
                "cd \(folder.path) && cp $0 alone && ./alone workbench; echo $?; ./alone workbench --help")
            #expect(result.error.hasPrefix("error: solderless-workbench is not beside this program, in "))
            #expect(result.error.contains("Build it: swift build -c release --product solderless-workbench"))
            #expect(result.output.hasPrefix("3\nOVERVIEW: A bench in the browser"), "\(result.output)")
        }

        /// What to do is said in options, and in commands that work from anywhere.
        @Test func aLinkThatIsTaken() async throws {
            let bench = try CtlBench()
            try bench.folder.write([1], to: "file")
            let result = try await bench.shell(
                """
                $0 emulate --link chip --start off --detach >out || exit
                $0 emulate --link chip --start off; echo $?; $0 emulate --link file; echo $?
                cd /; $0 ctl --port \(bench.folder["chip"]) stop; echo $?
                """)
            #expect(result.output.hasPrefix("3\n3\n") && result.output.hasSuffix("0\n"), "\(result)")
            let stop = "solderless ctl --port \(bench.folder["chip"]) stop"
            #expect(result.error.contains("end it with: \(stop)\n"), "\(result.error)")
            let lines = result.error.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            try #require(lines.count == 2, "\(result.error)")
            #expect(
                lines[0].hasSuffix(
                    "; name another with --link OTHER, or end that emulation: \(stop); if there is none, remove the link; "
                        + "or make none: --no-link"), "\(lines[0])")
            #expect(
                lines[1].hasSuffix(
                    "has this path; name another with --link OTHER, or move it; or make none: --no-link"), "\(lines[1])"
            )
        }

        @Test func aBusyPortIs3() async throws {
            let folder = try Folder()
            _ = try await Program.withPort(["emulate", "--link", folder["chip"], "--start", "off"]) { port, _ in
                let holder = open(port, O_RDWR | O_NOCTTY)
                defer { close(holder) }
                #expect(holder >= 0 && flock(holder, LOCK_EX | LOCK_NB) == 0)
                let result = try await Program.run(["flash", "info", "--port", port, "--sync-for", "0.1"])
                #expect(result.code == 3, "\(result.error)")
                #expect(result.error.contains("busy") || result.error.contains("in use"), "\(result.error)")
            }
        }
    }
}
