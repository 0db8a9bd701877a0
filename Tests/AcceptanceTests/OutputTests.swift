import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// What becomes of the work when the outputs do not do what one expects of outputs.
    @Suite struct OutputTests {
        private let traces = "\(Program.root)/traces"

        @Test func aReaderThatLeavesDoesNotChangeTheVerdict() async throws {
            let pair = "$0 diff \(traces)/write-64k.pcap \(traces)/write-64k-one-bit-corrupt.pcap"
            #expect(try await Program.shell("{ sleep 0.1; \(pair); echo $? >&2; } | head -c 0").error == "1\n")
            let show = "$0 show \(traces)/write-64k.pcap"
            #expect(try await Program.shell("{ \(show); echo $? >&2; } | head -n 1").error.hasSuffix("0\n"))
        }

        @Test func aReaderThatLeavesDoesNotEndTheWork() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x5A, count: 40_000), to: "image.bin")
            let job =
                "$0 run --time fast -v --flash \(folder["plug.bin"]) -- $0 flash write \(folder["image.bin"]) "
                + "--address 0 --yes --no-backup --port {port}"
            let result = try await Program.shell("{ \(job); echo $? >\(folder["code"]); } 2>&1 | head -n 1")
            #expect(result.code == 0)
            #expect(try folder.read("code") == Array("0\n".utf8))
            #expect(try folder.read("plug.bin").prefix(40_000).allSatisfy { $0 == 0x5A })
        }

        @Test(arguments: ["show", "show --json", "show --stats", "show --stats --json"])
        func aFullDiskBehindTheOutputIs3(command: String) async throws {
            let result = try await Program.shell("$0 \(command) \(traces)/efuse.pcap >/dev/full")
            #expect(result.code == 3)
            #expect(result.error.contains("No space left"), "\(result.error)")
        }

        /// A full pipe on standard error, and nobody reads: the chip answers, SIGTERM works, the flash is saved.
        @Test func aLogThatNobodyReadsHoldsNothingUp() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x5A, count: 40_000), to: "image.bin")
            let result = try await Program.shell(
                """
                mkfifo \(folder["log"]); exec 3<>\(folder["log"])
                dd if=/dev/zero of=\(folder["log"]) bs=4096 count=16 oflag=nonblock 2>/dev/null
                $0 emulate --time fast --link \(folder["chip"]) --flash \(folder["plug.bin"]) 2>&3 >\(folder["out"]) &
                until test -s \(folder["out"]); do sleep 0.02; done
                timeout 20 $0 flash write \(folder["image.bin"]) --address 0 --yes --no-backup --port \(folder["chip"]); echo $?
                kill $!; timeout 10 tail --pid=$! -f /dev/null; echo $?; kill -9 $! 2>/dev/null; wait $!; echo $?
                """)
            #expect(result.output.hasSuffix("done\n0\n0\n0\n"), "\(result.output) \(result.error)")
            #expect(try folder.read("plug.bin").prefix(40_000).allSatisfy { $0 == 0x5A })
        }

        /// When it happens, and not again at the end; and no comfort about an old file where there was none.
        @Test func aFullDiskIsToldOnce() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                ulimit -f 8; $0 emulate --link chip --time fast --trace t.pcap >out & job=$!
                until test -s out; do sleep 0.02; done
                $0 flash read --length 0x10000 /dev/null --port chip >/dev/null; kill $job; wait $job; echo $?
                $0 run --time fast --flash new -- true; echo $?
                """)
            #expect(result.output == "3\n125\n", "\(result)")
            #expect(result.error.components(separatedBy: "writing the trace failed").count == 2, "\(result.error)")
            #expect(result.error.hasSuffix("errno 27); free some space\n"), "\(result.error)")
            let shown = try await bench.shell("$0 show t.pcap")
            #expect(shown.code == 0, "\(shown.error)")
        }

        @Test func closedDescriptorsAreNotTakenForPorts() async throws {
            let folder = try Folder()
            let script = "readlink /proc/$PPID/fd/0 /proc/$PPID/fd/1 /proc/$PPID/fd/2 >\(folder["names"])"
            let result = try await Program.shell("$0 run -- sh -c '\(script)' <&- >&- 2>&-")
            #expect(result.code == 0)
            #expect(try folder.read("names") == Array("/dev/null\n/dev/null\n/dev/null\n".utf8))
        }

        @Test func pipesAreNoInputFiles() async throws {
            let folder = try Folder()
            #expect(mkfifo(folder["pipe"], 0o600) == 0)
            for arguments in [
                ["flash", "verify", folder["pipe"], "--address", "0", "--port", "/nonexistent"],
                ["emulate", "--flash", folder["pipe"]], ["emulate", "--rom", folder["pipe"]],
            ] {
                let result = try await Program.run(arguments, within: 10)
                #expect(result.code == 3)
                #expect(result.error.contains("pipe"), "\(result.error)")
            }
        }

        /// The limit counts blocks of 512 or 1024 bytes, by the shell's lights: both are less than the flash.
        @Test func aLimitForFilesIsAnError() async throws {
            let folder = try Folder()
            let job = "$0 run --time fast --flash \(folder["plug.bin"]) -- $0 flash erase --address 0 --length 4096 "
            let result = try await Program.shell("ulimit -f 256; \(job) --no-backup --port {port}")
            // An erased flash that is erased again has changed, and is saved.
            #expect(result.code == 125, "\(result.output) \(result.error)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }
}
