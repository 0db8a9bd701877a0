import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace
import Words

#if canImport(Glibc)
    import Glibc
#endif

extension AttachCommands {
    /// `record --attach`: which port, which programs, and how it ends.
    @Suite(
        .serialized, .enabled(if: AttachBench.hasPreload, AttachBench.noPreload),
        .enabled(if: Program.hasPython, Program.noPython))
    struct AttachChoiceTests {
        // MARK: Which port

        @Test func severalPorts() async throws {
            let bench = try AttachBench()
            let script = """
                m2, s2 = os.openpty()
                link = '\(bench["second"])'
                os.symlink(os.ttyname(s2), link)
                other = os.open(link, os.O_RDWR | os.O_NOCTTY)
                os.write(s.fileno(), b'first')
                os.write(other, b'second')
                """
            let first = try await bench.record(script: script)
            #expect(first.code == 0, "\(first.error)")
            #expect(first.error.contains("Also opened and not recorded: /dev/pts/"), "\(first.error)")
            #expect(try bench.events().bytes(.hostToChip) == Array("first".utf8))
            try FileManager.default.removeItem(atPath: bench["second"])
            let second = try await bench.record(script: script, options: ["--overwrite", "--port", bench["second"]])
            #expect(second.code == 0, "\(second.error)")
            #expect(try bench.events().bytes(.hostToChip) == Array("second".utf8))
            #expect(try TraceReader(opening: bench.trace).session()?["port"] == bench["second"])
            try FileManager.default.removeItem(atPath: bench["second"])
            let neither = try await bench.record(script: script, options: ["--overwrite", "--port", "/dev/ttyNone"])
            #expect(neither.error.contains("The command did not open /dev/ttyNone."), "\(neither.error)")
        }

        /// The terminal that somebody sits at is no port.
        @Test func theOwnTerminalIsNoPort() async throws {
            let bench = try AttachBench()
            let terminal = try Terminal()
            let script = "open(\"/dev/tty\").close(); open(\"\(terminal.path)\").close(); print(\"said\")"
            let command = "\(Program.python) -c '\(script)'"
            let line = terminal.session("exec $0 record --attach -o \(bench.trace) -- \(command)")
            async let ended = Program.shell(line)
            #expect(try await terminal.shows("said"))
            #expect(try await terminal.shows("The command opened no port."))
            #expect(try await ended.code == 0)
        }

        // MARK: Exit codes

        @Test func theCommandsCodeIsPassedThrough() async throws {
            let bench = try AttachBench()
            for (words, code, message) in [
                (["sh", "-c", "exit 7"], 7, "The command opened no port."), (["sh", "-c", "kill -TERM $$"], 143, ""),
                (["no-such-command"], 127, "cannot start the command"),
                (["/etc/passwd"], 126, "cannot start the command"),
                (["env", "-i", "/bin/true"], 0, ""), ([""], 127, "empty name"),
            ] {
                try? FileManager.default.removeItem(atPath: bench.trace)
                let result = try await Program.run(
                    ["record", "--attach", "-o", bench.trace, "--"] + words)
                #expect(result.code == code, "\(words): \(result.error)")
                #expect(message.isEmpty || result.error.contains(message), "\(words): \(result.error)")
                #expect(
                    FileManager.default.fileExists(atPath: bench.trace) == result.error.contains("wrote"),
                    "what was not started leaves no trace")
            }
        }

        @Test func anExistingTraceStays() async throws {
            let bench = try AttachBench()
            try bench.folder.write([1], to: "t.pcap")
            let result = try await Program.run(
                ["record", "--attach", "-o", bench.trace, "--", "touch", bench["started"]])
            #expect(result.code == 3)
            #expect(result.error.contains("exists already; choose another name, or add --overwrite"), "\(result.error)")
            #expect(try bench.folder.names() == ["t.pcap"], "nothing was started")
        }

        /// Not even --overwrite costs a trace before there is something to record.
        @Test func anExistingTraceOutlivesAMistypedCommand() async throws {
            let bench = try AttachBench()
            try bench.folder.write([1, 2, 3], to: "t.pcap")
            // Only trying shows that its interpreter is missing.
            try bench.write(file: "orphan", "#!/no/such/interpreter\n", mode: 0o755)
            let orphan = try await Program.run(
                ["record", "--attach", "--overwrite", "-o", bench.trace, "--", bench["orphan"]])
            #expect(orphan.code == 126, "\(orphan.error)")
            #expect(try Folder.contents(of: bench.trace) == [1, 2, 3])
            #expect(try bench.folder.names().sorted() == ["orphan", "t.pcap"])
            try FileManager.default.removeItem(atPath: bench["orphan"])
            for (word, code) in [
                ("no-such-command", 127), ("/no/such/command", 127), ("", 127), (bench["t.pcap"], 126),
                (bench["t.pcap"] + "/x", 127), (bench[""], 126),
            ] {
                let result = try await Program.run(
                    ["record", "--attach", "--overwrite", "-o", bench.trace, "--", word])
                #expect(result.code == code, "\(word): \(result.error)")
                #expect(
                    result.error.contains(word.isEmpty ? "empty name" : "\(word): cannot start the command ("),
                    "\(result.error)")
                #expect(try Folder.contents(of: bench.trace) == [1, 2, 3], "\(word)")
                #expect(try bench.folder.names() == ["t.pcap"], "\(word)")
            }
        }

        /// A report is alone on standard output.
        @Test func aReportForPrograms() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(script: "s.write(b'abc'); print('said')", options: ["--json"])
            #expect(result.code == 0 && result.error.contains("said"), "\(result.error)")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(report["exitCode"] == .integer(0) && report["processes"] == .integer(1))
            #expect(report["bytes"]?["hostToChip"] == .integer(3))
            #expect(report["bauds"] == .array([.integer(115_200)]))
        }

        @Test(arguments: [
            (["-o", "t", "--attach"], "no command given"), (["-o", "t", "--port", "x"], "--port needs --attach"),
            (["-o", "t", "--", "true"], "needs --attach"), (["--attach", "--", "true"], "--output"),
            (["-o", "t", "--attach", "--port", "", "--", "true"], "empty"),
        ])
        func usage(words: [String], message: String) async throws {
            let result = try await Program.run(["record"] + words)
            #expect(result.code == 2)
            #expect(result.error.contains(message), "\(result.error)")
        }

        // MARK: Programs that cannot be recorded

        @Test(.enabled(if: AttachBench.clang != nil, AttachBench.noClang)) func staticallyLinkedPrograms() async throws
        {
            let bench = try AttachBench()
            try await bench.compile(
                "void _start(void) { for (;;) {} }", to: "static", ["-static", "-nostdlib", "-ffreestanding"])
            try bench.write(file: "script", "#! \(bench["static"]) -x\n", mode: 0o755)
            try bench.write(file: "by-env", "#!/usr/bin/env -S A=1 \(bench["static"])\n", mode: 0o755)
            for name in ["static", "script", "by-env"] {
                let result = try await Program.run(["record", "--attach", "-o", bench.trace, "--", bench[name]])
                #expect(result.code == 2)
                #expect(result.error.contains("\(bench["static"])"), "\(result.error)")
                #expect(result.error.contains("statically linked"), "\(result.error)")
                #expect(result.error.contains("record in front of the port"))
            }
            #expect(!FileManager.default.fileExists(atPath: bench.trace))
        }

        @Test(.enabled(if: getuid() == 0, "only root can make a program of another user's"))
        func programsWithOtherRights() async throws {
            let bench = try AttachBench()
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: bench["suid"])
            #expect(chown(bench["suid"], 65_534, 65_534) == 0 && chmod(bench["suid"], 0o4755) == 0)
            let result = try await Program.run(["record", "--attach", "-o", bench.trace, "--", bench["suid"]])
            #expect(result.code == 2)
            #expect(result.error.contains("set-user-id"), "\(result.error)")
        }

        /// Heads of programs that break off anywhere, or say nonsense: a word, or the system's own refusal.
        @Test func damagedPrograms() async throws {
            let bench = try AttachBench()
            let whole = Array(try Folder.contents(of: "/bin/true").prefix(200))
            var damaged = [Array(whole.prefix(5)), Array(whole.prefix(63)), whole]
            for (offset, value) in [(4, 1), (18, 9), (32, 255), (39, 255), (54, 255), (56, 255)] as [(Int, UInt8)] {
                var bytes = whole
                bytes[offset] = value
                damaged.append(bytes)
            }
            for bytes in damaged {
                try bench.folder.write(bytes, to: "program")
                chmod(bench["program"], 0o755)
                // What is no program is read by a shell: what that makes of it is made in the bench's own folder.
                let result = try await Program.shell(
                    "cd '\(bench.folder.path)' && $0 record --attach --overwrite -o '\(bench.trace)' -- ./program")
                #expect([2, 126, 127].contains(result.code) || result.code > 128, "\(result.code) \(result.error)")
                #expect(!result.error.contains("Fatal error"))
            }
        }

        /// It needs libc and nothing else: any program can have it.
        @Test func theLibraryNeedsLibcAlone() async throws {
            let result = try await Program.shell("LC_ALL=C readelf -d '\(AttachBench.preload)'")
            let needed = result.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
            #expect(needed.contains { $0.contains("[libc.") }, "\(result.output)")
            #expect(needed.allSatisfy { $0.contains("[libc.") || $0.contains("[libdl.") }, "\(result.output)")
        }
    }
}
