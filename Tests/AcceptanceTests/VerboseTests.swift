import Foundation
import TestForms
import Testing

extension BenchCommands {
    /// `--verbose` of `emulate` and `run`: the session as it happens.
    @Suite struct VerboseTests {
        private func read(_ folder: Folder, _ options: [String] = []) async throws -> Program.Result {
            try await Program.run(
                ["run", "--time", "brisk"] + options + [
                    "--", Program.path, "flash", "read", folder["out.bin"], "--length", "0x4000", "--port",
                    "{port}",
                ])
        }

        /// Lines as `show` has them, the chip's own events among them, in the order of their times; no flood.
        @Test func theSessionIsTold() async throws {
            let folder = try Folder()
            let result = try await read(folder, ["-v"])
            #expect(result.code == 0, "\(result.error)")
            let lines = result.error.split(separator: "\n").filter { $0.hasPrefix("    ") }
            let told = lines.map { $0.dropFirst(26) }
            for wanted in [
                "· power    on", "→ chip  sync word", "← chip  sync answer", "← chip  header accepted",
                "· chip     stub community runs", "← chip  FLASH ID 1540C8 (2 MB)", "→ chip  XMODEM read 0x0 +16384",
                "← chip  block 1", "← chip  EOT", "· port     closed by the host",
            ] { #expect(told.contains { $0 == wanted }, "\(wanted) in \(result.error)") }
            #expect(told.contains { $0.hasPrefix("← chip  … 15 more blocks, 15360 bytes, up to block 16") })
            #expect(told.count < 60, "\(told.count) lines")
            let times = lines.compactMap { Double($0.prefix(12).trimmingCharacters(in: .whitespaces)) }
            #expect(times.count == lines.count && times == times.sorted())
        }

        @Test func withoutItNothingIsTold() async throws {
            let result = try await read(try Folder())
            #expect(result.code == 0)
            #expect(!result.error.contains("sync word") && !result.error.contains("· "), "\(result.error)")
        }

        /// The file has everything, whatever the story leaves out.
        @Test func aTraceBesideIt() async throws {
            let folder = try Folder()
            #expect(try await read(folder, ["-v", "--trace", folder["t.pcap"]]).code == 0)
            let shown = try await Program.run(["show", folder["t.pcap"]])
            #expect(shown.output.contains("block 9\n") && !shown.output.contains("noise"), "\(shown.output)")
        }

        /// §4.4: what its author should change stands below the line that it is about, while the chip runs on.
        @Test func emulateTellsWhatToChange() async throws {
            let folder = try Folder()
            let erase = #"\245\004\010\000\000\021\000\000\000\020\000\000\322"#
            let result = try await Program.shell(
                """
                $0 emulate -v --time brisk --start stub --link \(folder["chip"]) 2>\(folder["log"]) & job=$!
                until test -e \(folder["chip"]); do sleep 0.02; done
                stty -F \(folder["chip"]) raw -echo 115200; exec 3<>\(folder["chip"])
                until test -s \(folder["answer"]); do
                    printf '\(erase)' >&3; timeout 1 head -c 6 <&3 >\(folder["answer"])
                done
                until grep -q 'ack status' \(folder["log"]); do sleep 0.02; done
                kill $job; wait $job
                """, within: 30)
            #expect(result.code == 0, "\(result.error)")
            let log = String(decoding: try folder.read("log"), as: UTF8.self)
            #expect(try folder.read("answer") == [0x5A, 0x04, 0, 0, 0, 0x5E])
            #expect(log.contains("! Nothing was erased, although it says success: 0x1100"), "\(log)")
        }

        @Test func quietContradictsIt() async throws {
            let result = try await Program.run(["emulate", "--quiet", "--verbose"])
            #expect(result.code == 2)
            #expect(result.error.contains("--quiet contradicts --verbose"))
        }
    }
}
