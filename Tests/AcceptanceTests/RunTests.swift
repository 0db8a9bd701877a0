import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RunCommands {
    /// `run` and the processes behind it.
    @Suite struct RunTests {
        @Test func timeIsUpForAllOfThem() async throws {
            let folder = try Folder()
            let script = "sh -c 'trap \"\" TERM; echo $$ >\(folder["pid"]); while :; do sleep 0.1; done' & wait"
            let result = try await Program.run(["run", "--timeout", "1", "--", "sh", "-c", script], within: 20)
            #expect(result.code == 124)
            #expect(result.error.contains("timed out after 1.0 s"), "\(result.error)")
            let text = String(decoding: try folder.read("pid"), as: UTF8.self)
            let grandchild = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            // Killed, or a zombie that this machine's first process has yet to bury.
            let status = (try? String(contentsOfFile: "/proc/\(grandchild)/stat", encoding: .isoLatin1)) ?? ") Z"
            #expect(status.contains(") Z") || status.contains(") X"), "\(status)")
        }

        @Test(arguments: ["INT", "TERM", "HUP"])
        func signalsReachTheCommand(signal: String) async throws {
            let folder = try Folder()
            let script = "trap 'echo got; exit 9' \(signal); echo >\(folder["ready"]); while :; do sleep 0.05; done"
            try folder.write(Array(script.utf8), to: "script")
            // A shell without job control starts what is in the background with SIGINT ignored: Python does not.
            let result = try await Program.shell(
                """
                timeout 20 env --default-signal=INT $0 run -- sh \(folder["script"]) & job=$!
                until test -e \(folder["ready"]); do sleep 0.02; done
                kill -\(signal) $(pgrep -P $job solderless); wait $job; echo $?
                """)
            #expect(result.output == "got\n9\n", "\(result.error)")
        }

        /// A terminal sends what these keys mean to the command as well: it hears it once.
        @Test(arguments: [("\u{3}", "INT"), ("\u{1C}", "QUIT")])
        func keysOfATerminal(key: String, signal: String) async throws {
            let bench = try CtlBench()
            try bench.folder.write(
                Array("trap 'echo got; n=1$n' \(signal); echo ready; until test $n; do sleep 0.02; done; exit $n".utf8),
                to: "script")
            let terminal = try Terminal()
            let mode = terminal.mode
            let line = terminal.session("exec $0 run -- sh script")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("ready"))
            terminal.type(key)
            #expect(try await terminal.shows("got"))
            #expect(try await ended.code == 1)
            #expect(terminal.mode == mode)
            #expect(bench.names.isEmpty)
        }

        /// The kernel ends the command with us, whatever ends us; the next start removes the socket.
        @Test func killedItLeavesNoCommand() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                $0 run --flash plug.bin --trace-on-failure t.pcap -- sh -c 'echo $$ >pid; exec sleep 1000' & job=$!
                until test -s pid; do sleep 0.02; done
                kill -KILL $job; timeout 10 tail --pid=$(cat pid) -f /dev/null; echo $?
                """)
            #expect(result.output == "0\n", "\(result.error)")
            #expect(!bench.names.isEmpty, "the kill came while it ran")
            let next = try await bench.shell("$0 run --flash plug.bin --trace-on-failure t.pcap -- true")
            #expect(next.code == 0, "\(next.error)")
            #expect(bench.names.isEmpty)
            #expect(try bench.folder.names() == ["pid", "plug.bin", "run"])
        }

        /// Also what has left its parent, its group and its session.
        @Test func whatItStartsInTheBackgroundEndsWithIt() async throws {
            let folder = try Folder()
            let script =
                "for n in 1 2; do setsid sh -c 'echo $$ >\(folder.path)/$0; exec sleep 1000' $n & done; "
                + "until test -s \(folder["1"]) && test -s \(folder["2"]); do sleep 0.02; done"
            try folder.write(Array(script.utf8), to: "script")
            let result = try await Program.run(["run", "--", "sh", folder["script"]], within: 20)
            #expect(result.code == 0, "\(result.error)")
            for name in ["1", "2"] {
                let text = String(decoding: try folder.read(name), as: UTF8.self)
                let process = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
                #expect(try await eventually { kill(process, 0) != 0 }, "\(process) is still there")
            }
        }

        @Test func itsArgumentsAreItsOwn() async throws {
            let result = try await Program.shell(
                """
                $0 run -- printf '%s|' "$(printf 'a\\377\\200{port}')" '' 'two words' | od -An -tx1 | tr -d ' \\n'
                """)
            // ff 80 are no UTF-8.
            #expect(result.output.hasPrefix("61ff802f6465762f7074732f"), "\(result.output) \(result.error)")
            #expect(result.output.hasSuffix("7c7c74776f20776f7264737c"), "\(result.output)")
        }

        @Test func whatItFindsAroundIt() async throws {
            let script = "echo $SOLDERLESS_PORT; echo ${SOLDERLESS_CONTROL-none}; trap"
            let result = try await Program.shell(
                "trap '' PIPE; SOLDERLESS_CONTROL=old SOLDERLESS_PORT=old $0 run --no-control -- sh -c '\(script)'")
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 2 && lines[0].hasPrefix("/dev/pts/") && lines[1] == "none", "\(result)")
        }

        @Test func whatCannotBeExecuted() async throws {
            let folder = try Folder()
            try folder.write([], to: "no-program")
            let refused = try await Program.run(["run", "--", folder["no-program"]])
            #expect(refused.code == 126 && refused.error.contains("cannot start the command"), "\(refused)")
            let missing = try await Program.run(["run", "--", "no-such-program"])
            #expect(missing.code == 127 && missing.error.contains("no-such-program"), "\(missing)")
            #expect(!missing.error.contains("last exchange"), "it said nothing, for it never was")
        }

        @Test func needsNoRuntimeFolder() async throws {
            let environment = "XDG_RUNTIME_DIR=/nonexistent"
            #expect(try await Program.shell("\(environment) TMPDIR=/nonexistent $0 run -- true").code == 0)
            let folder = try Folder()
            let emulate = "TMPDIR=\(folder.path) \(environment) timeout 1 $0 emulate"
            #expect(try await Program.shell(emulate).output.hasPrefix("\(folder.path)/solderless-"))
        }

        @Test func anEmptyNameIsNotFound() async throws {
            let result = try await Program.run(["run", "--", ""])
            #expect(result.code == 127)
            #expect(result.error.contains("empty name"))
        }
    }
}
