import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// `emulate --detach`.
    @Suite struct DetachTests {
        @Test func itComesBackWhenThePortIsThere() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell("$0 emulate --detach --start rom --time brisk")
            #expect(result.code == 0)
            #expect(result.output == bench.link + "\n", "the port and nothing else")
            #expect(result.error.contains("port: /dev/pts/") && result.error.contains(".log\n"), "\(result.error)")
            let host = try PlainHost(bench.link)
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            let process = try #require(bench.processes().first)
            #expect(getsid(process) == process, "a session of its own")
            let input = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/0")
            #expect(input == "/dev/null")
            #expect(kill(process, SIGTERM) == 0)
            #expect(try await eventually { bench.processes().isEmpty })
            #expect(bench.names == ["\(process).log"])
            let log = try String(contentsOfFile: bench.folder["run/solderless/\(process).log"], encoding: .utf8)
            #expect(log.contains("port: ") && log.contains("mask ROM"), "\(log)")
        }

        /// Whoever reads its outputs to their end, as `$(…)` does, does not wait for the emulation.
        @Test func itsOutputsEnd() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell("port=$($0 emulate --detach 2>&1 | head -1); echo $port; $0 ctl stop")
            #expect(result.output == bench.link + "\n", "\(result)")
        }

        @Test func filesAreCompleteWhenItHasStopped() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --flash plug.bin --flash-id 1440C8 --trace t.pcap --log l")
            let write = try await bench.shell(
                "$0 flash erase --port \(bench.link) --address 0 --length 0x1000 --no-backup --json")
            #expect(write.code == 0, "\(write)")
            let stop = try await bench.ctl("stop")
            #expect(stop.code == 0)
            #expect(bench.processes().isEmpty, "it waits for the end")
            #expect(try bench.folder.read("plug.bin").count == 1 << 20)
            #expect(try await bench.shell("$0 show t.pcap").code == 0)
            #expect(try String(contentsOfFile: bench.folder["l"], encoding: .utf8).contains("flash: plug.bin"))
            #expect(bench.names.isEmpty)
            // The place is free at once; a log that was named grows.
            try await bench.start("--log l")
            _ = try await bench.ctl("stop")
            let log = try String(contentsOfFile: bench.folder["l"], encoding: .utf8)
            #expect(log.components(separatedBy: "seed: 1").count == 3, "\(log)")
        }

        @Test(arguments: [
            "--flash /nonexistent/f", "--link /nonexistent/chip", "--scenario nosuch", "--fifo 3",
            "--time fast --scenario missing-ground", "--trace /nonexistent/t.pcap",
        ])
        func aFailedStartIsTheForegrounds(options: String) async throws {
            let bench = try CtlBench()
            let foreground = try await bench.shell("$0 emulate \(options)")
            let detached = try await bench.shell("$0 emulate --detach \(options)")
            #expect(foreground.code != 0 && detached.code == foreground.code)
            // Somebody else may have taken the number meanwhile.
            let number = #/pts/\d+/#
            #expect(
                detached.error.replacing(number, with: "pts/N") == foreground.error.replacing(number, with: "pts/N"))
            #expect(detached.output.isEmpty)
            #expect(bench.names.isEmpty && bench.processes().isEmpty)
        }

        @Test func oldLogsGo() async throws {
            let bench = try CtlBench()
            // Linux gives no process such a number.
            let result = try await bench.shell(
                """
                mkdir -m 700 run/solderless; cd run/solderless
                touch 4194305.log; touch -d "2 days ago" 4194306.log mine.log $$.log
                $0 emulate --detach --start off >&2; $0 ctl stop; echo $$.log
                """)
            let living = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let own = try #require(result.error.firstMatch(of: /[0-9]+\.log/)).output
            #expect(Set(bench.names) == ["4194305.log", "mine.log", living, String(own)], "\(result)")
        }

        @Test func aLogThatCannotBeIsAFailedStart() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell("$0 emulate --detach --log /nonexistent/log")
            #expect(result.code == 3 && result.output.isEmpty, "\(result)")
            #expect(result.error.contains("/nonexistent/log"))
            #expect(bench.processes().isEmpty)
        }
    }
}
