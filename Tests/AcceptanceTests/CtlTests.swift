import CPorts
import Foundation
import TestForms
import Testing
import Words

#if canImport(Glibc)
    import Glibc
#endif

extension CtlCommands {
    /// `ctl` against `emulate` and `run`, as a user has them.
    @Suite struct CtlTests {
        @Test func offIsDeafAndOnAnswers() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let host = try PlainHost(bench.link)
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            let off = try await bench.ctl("power off")
            #expect(off.code == 0 && off.output.hasPrefix("power off at "), "\(off)")
            #expect(host.ask(PlainHost.sync, for: 1, within: .milliseconds(200)).isEmpty)
            #expect(try await bench.ctl("power off").output.hasPrefix("power was off already"))
            let on = try await bench.ctl("power on")
            #expect(on.code == 0 && on.output.hasPrefix("power on at "), "\(on)")
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            #expect(try await bench.ctl("power on").output.hasPrefix("power was on already"))
            #expect(try await bench.ctl("stop").code == 0)
        }

        /// Not by the scenario's hand any more: the host's first byte brings no power.
        @Test func aCommandEndsTheSchedule() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --power-after 0.05")
            #expect(try await bench.ctl("status").output.contains("planned: power on after the host's first byte"))
            _ = try await bench.ctl("power off")
            let host = try PlainHost(bench.link)
            #expect(host.ask(PlainHost.sync, for: 1, within: .milliseconds(300)).isEmpty)
            #expect(try await bench.ctl("status").output.contains("power off\n"))
            _ = try await bench.ctl("stop")
        }

        /// What a cycle has still to do is planned as well, and a reset leaves it alone.
        @Test func aCycleIsPlanned() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let cycle = try await bench.ctl("power cycle --for 1000").output
            let moment = try #require(cycle.components(separatedBy: "on again at ").last)
            _ = try await bench.ctl("reset")
            let status = try await bench.ctl("status")
            let planned = "power off (planned: power on at \(moment.trimmingCharacters(in: .whitespacesAndNewlines))"
            #expect(status.output.contains(planned), "\(cycle) \(status)")
            _ = try await bench.ctl("stop")
        }

        @Test(arguments: ["cycle --for 300ms", "--for 0.3 cycle", "cycle --for \"300 ms\"", "cycle --for=300ms"])
        func aCycleOnTheLinesClock(words: String) async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --trace t.pcap")
            let host = try PlainHost(bench.link)
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            let result = try await bench.ctl("power \(words)")
            #expect(result.code == 0 && result.output.contains(", on again at "), "\(result)")
            // A flasher's loop: it tries until the chip is there.
            let answered = try await eventually { host.ask(PlainHost.sync, for: 1, within: .milliseconds(50)) == [1] }
            #expect(answered)
            _ = try await bench.ctl("stop")
            let shown = try await bench.shell("$0 show t.pcap").output
            let power = shown.split(separator: "\n").filter { $0.contains("· power ") }
            try #require(power.count == 3, "\(shown)")
            let times = power.map { line in
                line.split(separator: " ").lazy.compactMap { Double($0) }.first ?? .nan
            }
            #expect(abs(times[2] - times[1] - 0.3) < 1e-6, "\(power)")
        }

        @Test func aResetStartsItAgain() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let host = try PlainHost(bench.link)
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            // It waits for a header now; after the reset for a sync word.
            let result = try await bench.ctl("reset")
            #expect(result.code == 0 && result.output.hasPrefix("reset at "), "\(result)")
            #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            _ = try await bench.ctl("stop")
        }

        @Test func theOnlyOneIsTakenAndOfSeveralOneIsNamed() async throws {
            let bench = try CtlBench()
            let none = try await bench.ctl("status")
            #expect(none.code == 3 && none.error.contains("no emulation is running"), "\(none)")
            #expect(try await bench.ctl("list --json").output == #"{"schema":1,"emulations":[]}"# + "\n")
            try await bench.start("--start rom")
            #expect(try await bench.ctl("status").code == 0)
            try FileManager.default.createDirectory(atPath: bench.folder["a"], withIntermediateDirectories: true)
            // A link outside of the runtime folder is found as well.
            try await bench.start("--start off --link a/chip")
            let several = try await bench.ctl("power on")
            #expect(several.code == 2, "\(several)")
            #expect(several.error.contains("--port") && several.error.contains(bench.link), "\(several.error)")
            #expect(several.error.contains("chip") && several.error.contains("power off"), "\(several.error)")
            let list = try await bench.ctl("list")
            #expect(list.output.split(separator: "\n").count == 2, "\(list)")
            let json = try JSONReader.value(of: try await bench.ctl("list --json").output)
            let found = try #require(json["emulations"]?.array)
            #expect(
                found.map { $0["status"]?["power"]?.string }.sorted { "\($0 ?? "")" < "\($1 ?? "")" } == ["off", "on"])
            let port = try #require(
                found.first { $0["status"]?["power"] == .string("off") }?["status"]?["port"]?.string)
            // By link, by the port's own name, by the socket; before the verb and behind it.
            for words in ["--port a/chip status", "status --port \(port)", "status --port a/chip.ctl"] {
                let status = try await bench.ctl(words)
                #expect(status.output.contains("power off"), "\(words): \(status)")
            }
            let missing = try await bench.ctl("status --port /dev/nonesuch")
            #expect(missing.code == 3 && missing.error.contains("/dev/nonesuch"), "\(missing)")
            #expect(try await bench.ctl("--port a/chip stop").code == 0)
            #expect(try await bench.ctl("stop").code == 0)
            #expect(bench.names.allSatisfy { $0.hasSuffix(".log") }, "\(bench.names)")
        }

        /// A healthy emulation is the only one, whatever else lies in the folder; what is not its own stays.
        @Test func whatIsNoEmulationIsNone() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let folder = bench.folder["run/solderless"]
            let foreign = bench.folder["foreign.sock"]
            // Bound, and nobody listens.
            close(ports_local_bind(foreign))
            _ = try await bench.shell(
                "cd \(folder); touch x.ctl; mkdir d.ctl; ln -s x.ctl l.ctl; ln -s \(foreign) o.ctl")
            // Somebody listens and never answers.
            let mute = ports_local_bind("\(folder)/mute.ctl")
            defer { close(mute) }
            #expect(listen(mute, 4) == 0)
            let status = try await bench.ctl("status")
            #expect(status.code == 0 && status.output.contains(bench.link), "\(status)")
            let list = try await bench.ctl("list").output.split(separator: "\n")
            #expect(
                list.count == 2 && list.contains { $0.contains("mute.ctl") && $0.contains("not answer") }, "\(list)")
            #expect(FileManager.default.fileExists(atPath: foreign), "it belongs to somebody else")
            #expect(
                bench.names.filter { !$0.hasPrefix("ecr") && !$0.hasSuffix(".log") } == [
                    "d.ctl", "l.ctl", "mute.ctl", "x.ctl",
                ])
            _ = try await bench.ctl("stop")
        }

        @Test func aStaleSocketIsRemoved() async throws {
            let bench = try CtlBench()
            try await bench.start()
            for process in bench.processes() { kill(process, SIGKILL) }
            #expect(try await eventually { bench.processes().isEmpty })
            #expect(bench.names.contains("ecr6600.ctl"))
            let status = try await bench.ctl("--port \(bench.link) status")
            #expect(status.code == 3 && status.error.contains("no emulation listens"), "\(status)")
            // A start takes its place,
            try await bench.start()
            #expect(try await bench.ctl("status").code == 0)
            for process in bench.processes() { kill(process, SIGKILL) }
            #expect(try await eventually { bench.processes().isEmpty })
            // and so does looking.
            #expect(try await bench.ctl("list").output.isEmpty)
            #expect(!bench.names.contains("ecr6600.ctl"))
        }

        @Test func aLiveSocketIsNotTakenAway() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let second = try await bench.shell("$0 emulate --no-link --control \(bench.link).ctl")
            #expect(second.code == 3 && second.error.contains("another emulation listens there"), "\(second)")
            #expect(try await bench.ctl("status").code == 0)
            _ = try await bench.ctl("stop")
        }

        @Test func aCommandBehindRunFindsItsOwnChip() async throws {
            let bench = try CtlBench()
            try await bench.start("--start off")
            let result = try await bench.shell(
                """
                $0 run --start rom -- sh -c '$0 ctl power off && $0 ctl status --json; echo $SOLDERLESS_CONTROL' $0
                """)
            #expect(result.code == 0, "\(result)")
            #expect(result.output.hasPrefix("power off at"), "\(result)")
            let lines = result.output.split(separator: "\n")
            let status = try JSONReader.value(of: String(lines[1]))
            #expect(status["status"]?["link"] == .null, "its own, and not the other one")
            #expect(status["schema"] == .integer(1))
            #expect(lines[2].hasPrefix(bench.folder["run/solderless/"]) && lines[2].hasSuffix(".ctl"))
            let names = bench.names.filter { !$0.hasSuffix(".log") }
            #expect(names == ["ecr6600", "ecr6600.ctl"], "and it is gone")
            let none = try await bench.shell(
                "SOLDERLESS_CONTROL=/x $0 run --no-control -- sh -c 'echo ${SOLDERLESS_CONTROL-none}'")
            #expect(none.output == "none\n", "another one's is no use: \(none)")
            let dead = try await bench.shell("SOLDERLESS_CONTROL=\(bench.folder["x"]) $0 ctl status")
            #expect(dead.code == 3 && dead.error.contains(bench.folder["x"]), "\(dead)")
            _ = try await bench.ctl("stop")
        }

        /// As SIGTERM: the command is asked to end, and `run` ends with its code.
        @Test func stopIsPassedOnByRun() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                $0 run -- sh -c 'trap "exit 7" TERM; echo >ready; while :; do sleep 0.05; done' & job=$!
                until test -e ready; do sleep 0.02; done
                $0 ctl stop; echo $?; wait $job; echo $?
                """)
            #expect(result.output == "0\n7\n", "\(result)")
        }

        @Test func aPathHasAtMost107Bytes() async throws {
            let bench = try CtlBench()
            func link(_ count: Int) -> String {
                // The socket's name is four bytes longer.
                bench.folder.path + "/" + String(repeating: "l", count: count - 5 - bench.folder.path.utf8.count)
            }
            try await bench.start("--start off --link \(link(107))")
            #expect(try await bench.ctl("status").code == 0)
            _ = try await bench.ctl("stop")
            let long = try await bench.shell("$0 emulate --no-link --control \(link(108)).ctl")
            #expect(long.code == 3 && long.output.isEmpty, "\(long)")
            #expect(long.error.contains("108 bytes") && long.error.contains("--no-control"), "\(long.error)")
            let without = try await bench.shell("timeout 0.5 $0 emulate --no-control --link \(link(108))")
            #expect(without.output == link(108) + "\n", "\(without)")
            // Nobody asked for it: it does without, and says so.
            let linked = try await bench.shell("timeout 0.5 $0 emulate --link \(link(108))")
            #expect(linked.output == link(108) + "\n" && linked.error.contains("no control socket"), "\(linked)")
            let folder = bench.folder[String(repeating: "d", count: 90)]
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let run = try await bench.shell("XDG_RUNTIME_DIR=\(folder) $0 run -- true")
            #expect(run.code == 0 && run.error.contains("no control socket"), "\(run)")
            let plain = try await bench.shell("XDG_RUNTIME_DIR=\(folder) timeout 0.5 $0 emulate")
            #expect(plain.output == "\(folder)/solderless/ecr6600\n", "\(plain)")
        }

        @Test func eventsAsTheyHappen() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --power-after 3600")
            async let events = bench.shell("$0 ctl events >e.part; echo $?; mv e.part e")
            async let first = bench.shell("$0 ctl events | head -1 >f.part; mv f.part f")
            let file = bench.folder["e.part"]
            #expect(
                try await eventually {
                    _ = try await bench.ctl("power cycle --for 1ms")
                    // The shell may not have made it yet.
                    let told = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
                    return told.contains("\"power\":\"on\"")
                })
            do {
                let host = try PlainHost(bench.link)
                #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
            }
            // It may have begun late: events are made until it has had one.
            #expect(
                try await eventually {
                    _ = try await bench.ctl("power cycle --for 1ms")
                    return FileManager.default.fileExists(atPath: bench.folder["f"])
                }, "it ends with its reader")
            #expect(try await first.code == 0)
            let one = try String(contentsOfFile: bench.folder["f"], encoding: .utf8)
            #expect(one.split(separator: "\n").count == 1)
            #expect(try await bench.ctl("stop").code == 0)
            #expect(try await events.output == "0\n")
            let lines = try String(contentsOfFile: bench.folder["e"], encoding: .utf8).split(separator: "\n")
            let values = try lines.map { try JSONReader.value(of: String($0)) }
            #expect(values.allSatisfy { $0["version"] == .integer(1) && $0["text"]?.string != nil })
            let names = values.compactMap { $0["event"]?.string }
            #expect(names.count == values.count)
            for name in ["power", "program", "port"] { #expect(names.contains(name), "\(lines)") }
            #expect(values.last?["event"] == .string("ended"))
            #expect(values.last?["reason"] == .string("stopped"))
            let times = values.compactMap { $0["atNanoseconds"]?.integer }
            #expect(times.count == values.count && times.last! >= times.first!)
        }

        /// The protocol as `docs/control.md` has it, spoken by hand.
        @Test func whatIsUnknownIsAnswered() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let descriptor = ports_local_connect(bench.link + ".ctl", 1000)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            let lines =
                "{\"verb\":\"fry\",\"id\":1}\nnonsense\n{\"verb\":\"power\",\"to\":\"off\",\"id\":2}\n{\"verb\":\"status\",\"id\":3}\n"
            #expect(ports_local_send(descriptor, lines, lines.utf8.count) == lines.utf8.count)
            var text = ""
            _ = try await eventually {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = read(descriptor, &bytes, bytes.count)
                if count > 0 { text += String(decoding: bytes[..<count], as: UTF8.self) }
                return text.filter { $0 == "\n" }.count == 4
            }
            let answers = try text.split(separator: "\n").map { try JSONReader.value(of: String($0)) }
            #expect(answers.map { $0["ok"]?.bool } == [false, false, true, true], "\(text)")
            #expect(answers.map { $0["id"]?.integer } == [1, nil, 2, 3])
            #expect(answers[3]["atNanoseconds"] == answers[3]["status"]?["lineNanoseconds"], "one moment, one name")
            #expect(answers[0]["error"]?["known"]?.array?.contains(.string("power")) == true)
            _ = try await bench.ctl("stop")
        }

        /// Nobody says anything, nothing happens: the socket costs no wake-up, whoever is connected.
        @Test func idleItSleeps() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom")
            let descriptor = ports_local_connect(bench.link + ".ctl", 1000)
            defer { close(descriptor) }
            let line = "{\"verb\":\"events\"}\n"
            _ = ports_local_send(descriptor, line, line.utf8.count)
            let process = try #require(bench.processes().first)
            func wakeUps() -> Int {
                let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
                return threads.reduce(0) { sum, thread in
                    let text =
                        (try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)) ?? ""
                    let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary") }
                    return sum + (line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0)
                }
            }
            var last = -1
            let isQuiet = try await eventually {
                let before = wakeUps()
                try await Task.sleep(for: .milliseconds(400))
                last = wakeUps() - before
                return last == 0
            }
            #expect(isQuiet, "\(last) wake-ups in 400 ms")
            _ = try await bench.ctl("stop")
        }

        @Test(arguments: [
            ["ctl", "power"], ["ctl", "power", "up"], ["ctl", "power", "on", "--for", "1s"],
            ["ctl", "power", "cycle", "--for", "1 parsec"], ["ctl", "power", "cycle", "--for", "2", "days"],
            ["ctl", "power", "cycle", "--for", "300", "ms"],
            ["ctl", "power", "cycle", "--for", "100000"], ["ctl", "nosuch"], ["ctl", "stop", "--timeout", "x"],
            ["emulate", "--no-control", "--control", "x"], ["emulate", "--log", "x"],
            ["emulate", "--detach", "--no-link", "--no-control"], ["emulate", "--link", ""],
            ["emulate", "--control", ""], ["emulate", "--detach", "--log", ""], ["ctl", "--port", "", "status"],
        ])
        func wrongUsageIs2(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 2, "\(result.error)")
            #expect(result.error.contains("rror") && result.output.isEmpty)
        }
    }
}
