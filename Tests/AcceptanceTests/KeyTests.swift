import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// The keys of `emulate`, at a terminal with a shell.
    @Suite struct KeyTests {
        private static let emulate = "$0 emulate --start rom --time brisk"

        @Test func theyDoWhatTheySay() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let mode = terminal.mode
            let line = terminal.session("exec \(Self.emulate)")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("keys: p power"))
            #expect(try await terminal.shows("mask ROM"))
            #expect(terminal.mode != mode, "each key by itself, unechoed")
            #expect(terminal.leastRead == 1, "no key yet is no end for another who reads")
            terminal.type("p")
            #expect(try await terminal.shows("power off"))
            terminal.type("s")
            #expect(try await terminal.shows("power off; port closed; line at "))
            terminal.type("xyz\n ?")
            terminal.type("p")
            #expect(try await terminal.shows("power on"))
            #expect(try await terminal.shows("mask ROM"))
            terminal.type("r")
            #expect(try await terminal.shows("RESET_B low"))
            #expect(try await terminal.shows("mask ROM"))
            #expect(!terminal.shown().contains("xyz"))
            terminal.type("q")
            #expect(try await ended.code == 0)
            #expect(terminal.mode == mode)
            #expect(bench.names.isEmpty)
        }

        @Test(arguments: ["\u{3}", "\u{1C}", "TERM", "INT", "HUP", "QUIT", "USR1"])
        func theModeComesBack(how: String) async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let mode = terminal.mode
            let line = terminal.session("exec \(Self.emulate)")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("mask ROM"))
            if how.count == 1 {
                terminal.type(how)
            } else {
                let process = try #require(bench.processes().first)
                kill(process, ["TERM": SIGTERM, "INT": SIGINT, "HUP": SIGHUP, "QUIT": SIGQUIT, "USR1": SIGUSR1][how]!)
            }
            #expect(try await ended.code == 0)
            #expect(terminal.mode == mode)
        }

        @Test func quietSaysNothingOfThem() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let line = terminal.session("exec \(Self.emulate) --quiet")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("ecr6600"))
            terminal.type("s")
            #expect(try await terminal.shows("power on"), "but they work")
            terminal.type("q")
            #expect(try await ended.code == 0)
            #expect(!terminal.shown().contains("keys"))
        }

        @Test func theyCanBeLeftAlone() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let mode = terminal.mode
            let line = terminal.session("exec \(Self.emulate) --no-keys")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("mask ROM"))
            #expect(terminal.mode == mode)
            terminal.type("\u{3}")
            #expect(try await ended.code == 0)
            #expect(!terminal.shown().contains("keys:"))
        }

        /// A script that takes the port from it and shares its terminal: what is typed is the script's.
        @Test func aScriptThatReadsItKeepsTheTerminal() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let mode = terminal.mode
            // A shell gives what it starts with & no input, unless it is told.
            let line = terminal.session(
                """
                exec 3<&0; \(Self.emulate) <&3 >port & job=$!; until test -s port; do sleep 0.02; done
                read -r word; echo "<$word>"; kill $job; wait $job
                """)
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("chip: "))
            #expect(terminal.mode == mode)
            terminal.type("spoken\n")
            #expect(try await terminal.shows("<spoken>"))
            #expect(try await ended.code == 0)
            #expect(!terminal.shown().contains("keys:"))
        }

        /// In the background it reads nothing and is not stopped, and what is typed reaches the shell.
        @Test func inTheBackgroundTheyAreTheShells() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let line = terminal.session("PS1=% exec bash --norc --noprofile -i")
            async let ended = bench.shell(line)
            terminal.type("\(Program.path) emulate --start rom --time brisk & echo on\\w\n")
            #expect(try await terminal.shows("mask ROM"))
            terminal.type("echo p${PWD:0:0}p${PWD:0:0}q\n")
            #expect(try await terminal.shows("ppq"), "what is typed reaches the shell, whole")
            let process = try #require(bench.processes().first)
            #expect(try !state(of: process).hasPrefix("T"))
            #expect(try await bench.ctl("status").output.contains("power on"))
            terminal.type("kill %1; wait; exit\n")
            #expect(try await ended.code == 0)
            #expect(!terminal.shown().contains("keys:"))
        }

        /// ^Z, bg, fg: it stops with the terminal as it was, goes on without the keys, and has them again.
        @Test func stoppedMovedAndBroughtBack() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let line = terminal.session("PS1=% exec bash --norc --noprofile -i")
            async let ended = bench.shell(line)
            terminal.type("\(Program.path) emulate --start rom --time brisk\n")
            #expect(try await terminal.shows("mask ROM"))
            let process = try #require(bench.processes().first)
            let keyMode = terminal.mode
            terminal.type("\u{1A}")
            #expect(try await terminal.shows("Stopped"))
            #expect(try state(of: process).hasPrefix("T"))
            terminal.type("bg; stty -a | grep -o -- '-*icanon'\n")
            #expect(try await terminal.shows("\r\nicanon"))
            #expect(try await bench.ctl("status").output.contains("power on"), "it goes on")
            terminal.type("echo p${PWD:0:0}p\n")
            #expect(try await terminal.shows("pp"))
            #expect(try await bench.ctl("status").output.contains("power on"), "and reads no key")
            // bash says nothing to a program that it brings to the foreground while it runs; it notices when something
            // happens.
            terminal.type("fg\n")
            #expect(
                try await eventually {
                    _ = try await bench.ctl("status")
                    return terminal.mode == keyMode
                })
            terminal.type("p")
            #expect(try await terminal.shows("power off"))
            terminal.type("\u{1A}")
            #expect(try await terminal.shows("Stopped"))
            terminal.type("fg\n")
            #expect(try await eventually { terminal.mode == keyMode }, "at once, where it was stopped")
            terminal.type("p")
            #expect(try await terminal.shows("power on"))
            terminal.type("q")
            terminal.type("exit\n")
            #expect(try await ended.code == 0)
        }

        private func state(of process: pid_t) throws -> String {
            let status = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .isoLatin1)
            return String(status[status.index(after: status.lastIndex(of: ")")!)...].dropFirst())
        }
    }
}
