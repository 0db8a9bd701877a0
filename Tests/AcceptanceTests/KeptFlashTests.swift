import Emulator
import Foundation
import Images
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RunCommands {
    /// `--flash`, `--flash-from`, `--erased`: how a flash begins, and where it stays.
    @Suite struct KeptFlashTests {
        private static let run = "$0 run --time fast --flash-id 1440C8"

        /// There is a file, though nobody wrote: a plug that boots, with a MAC, and the same for the same seed.
        @Test func aNewFileIsAMadeUpPlug() async throws {
            let bench = try CtlBench()
            for name in ["a", "b"] { #expect(try await bench.shell("\(Self.run) --flash \(name) -- true").code == 0) }
            let plug = try bench.folder.read("a")
            #expect(plug.count == 1 << 20)
            #expect(try bench.folder.read("b") == plug)
            let shown = try await bench.shell("$0 image show a")
            #expect(shown.code == 0 && shown.output.contains("02:00:00:"), "\(shown)")
            #expect(shown.output.contains("boots        yes"), "\(shown)")
        }

        @Test func anErasedOneIsErased() async throws {
            let bench = try CtlBench()
            try bench.folder.write([], to: "empty")
            for name in ["new", "empty"] {
                #expect(try await bench.shell("\(Self.run) --erased --flash \(name) -- true").code == 0)
                #expect(try bench.folder.read(name) == [UInt8](repeating: 0xFF, count: 1 << 20))
            }
        }

        @Test func aShortFileIsRefusedUnlessTheRestIsErased() async throws {
            let bench = try CtlBench()
            try bench.folder.write([UInt8](repeating: 1, count: 2700), to: "f")
            let refused = try await bench.shell("\(Self.run) --flash f -- true")
            #expect(refused.code == 125)
            #expect(
                refused.error == """
                    error: f: this is 2700 bytes, no flash 1440C8, which has 1048576; to put it into a flash, use \
                    solderless flash write; to take what follows as erased, add --erased

                    """)
            #expect(try bench.folder.read("f").count == 2700)
            #expect(try await bench.shell("\(Self.run) --erased --flash f -- true").code == 0)
            let flash = try bench.folder.read("f")
            #expect(flash.count == 1 << 20 && flash[2699] == 1 && flash[2700...].allSatisfy { $0 == 0xFF })
            // A flash of which the rest was cut off: it has the bootloader where a flash has it (ECR6600 facts §1.3).
            try bench.folder.write([UInt8](repeating: 0xFF, count: 0x1000) + Array("2pxH".utf8), to: "cut")
            #expect(try await bench.shell("\(Self.run) --flash cut -- true").code == 0)
            #expect(try bench.folder.read("cut").count == 1 << 20)
            let other = try await bench.shell("$0 run --flash f -- true")
            #expect(other.error.contains("1048576 bytes, no flash 1540C8, which has 2097152; name a flash of its size"))
        }

        @Test func whatItStartsFromIsNeverWritten() async throws {
            let bench = try CtlBench()
            let plug = SampleFlash.image(byteCount: 1 << 20, seed: 5)
            try bench.folder.write(plug, to: "backup.bin")
            chmod(bench.folder["backup.bin"], 0o444)
            let job = "$0 flash erase --address 0x8000 --length 0x1000 --no-backup --port {port}"
            let result = try await bench.shell("\(Self.run) --flash-from backup.bin -- \(job)")
            #expect(result.code == 0, "\(result.error)")
            let read = try await bench.shell(
                "\(Self.run) --flash-from backup.bin -- $0 flash read copy.bin --port {port}")
            #expect(read.code == 0, "\(read.error)")
            #expect(try bench.folder.read("copy.bin") == plug)
            #expect(try bench.folder.read("backup.bin") == plug)
            #expect(try await bench.shell("$0 emulate --flash a --flash-from b").code == 2)
        }

        /// Root could write to it; who took the right away meant root as well.
        @Test func aReadOnlyFileIsNeverWritten() async throws {
            let bench = try CtlBench()
            let plug = SampleFlash.image(byteCount: 1 << 20, seed: 5)
            try bench.folder.write(plug, to: "backup.bin")
            chmod(bench.folder["backup.bin"], 0o444)
            let result = try await bench.shell(
                "\(Self.run) --flash backup.bin -- $0 flash erase --all --no-backup --port {port}")
            #expect(result.code == 0, "\(result.error)")
            #expect(
                result.error.contains(
                    "backup.bin is read-only: the chip starts from it, and what it then holds is not kept"),
                "\(result.error)")
            #expect(!result.error.contains("holds what the chip holds"))
            #expect(try bench.folder.read("backup.bin") == plug)
        }

        /// By any name of it; and a dead one's claim is worth nothing.
        @Test func oneAtATime() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                $0 emulate --no-link --start off --flash plug.bin >out 2>/dev/null & job=$!
                until test -s out; do sleep 0.02; done; ln -s plug.bin other
                $0 emulate --link b --flash other; echo $?
                kill -KILL $job; wait $job; $0 run --flash other -- true; echo $?
                """)
            #expect(result.output == "3\n0\n", "\(result.error)")
            #expect(result.error.contains("other: another emulation (process "), "\(result.error)")
            #expect(result.error.contains("start from this one with --flash-from"), "\(result.error)")
            #expect(try bench.folder.names() == ["other", "out", "plug.bin", "run"])
        }

        /// What another program writes there stays, and so does what the chip holds.
        @Test func aChangeByAnotherIsNoticed() async throws {
            let bench = try CtlBench()
            try bench.folder.write(SampleFlash.image(byteCount: 1 << 20, seed: 5), to: "plug.bin")
            let theirs = SampleFlash.image(byteCount: 1 << 20, seed: 6)
            try bench.folder.write(theirs, to: "theirs.bin")
            try bench.folder.write([0], to: "plug.bin.solderless-1")
            let result = try await bench.shell(
                """
                $0 emulate --link chip --time fast --flash-id 1440C8 --flash plug.bin >out 2>log & job=$!
                until test -s out; do sleep 0.02; done
                cp theirs.bin plug.bin
                $0 flash erase --address 0x8000 --length 0x1000 --no-backup --port chip >/dev/null
                kill $job; wait $job; echo $?
                """)
            #expect(result.output == "3\n", "\(result.error)")
            #expect(try bench.folder.read("plug.bin") == theirs)
            let ours = try bench.folder.read("plug.bin.solderless-2")
            #expect(ours[0x8000..<0x9000].allSatisfy { $0 == 0xFF })
            #expect(try bench.folder.read("plug.bin.solderless-1") == [0], "the name was taken")
            let log = String(decoding: try bench.folder.read("log"), as: UTF8.self)
            #expect(log.components(separatedBy: "another program has changed the file meanwhile").count == 2, "\(log)")
            #expect(log.contains("flash: plug.bin.solderless-2 holds what the chip holds, plug.bin what another"))
            #expect(try bench.folder.names().allSatisfy { !$0.hasSuffix("-lock") })
        }

        /// One that is only touched, or is taken away, is no loss to anybody.
        @Test(arguments: ["touch plug.bin", "cp plug.bin x; mv x plug.bin", "rm plug.bin"])
        func whatIsNoChange(deed: String) async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                "\(Self.run) --flash plug.bin -- true; \(Self.run) --flash plug.bin -- sh -c '\(deed)' && ls")
            #expect(result.code == 0, "\(result.error)")
            #expect(!result.output.contains("solderless-"), "\(result.output)")
        }

        @Test func emulateSaysWhereTheFlashIs() async throws {
            let bench = try CtlBench()
            let emulate = "timeout 1 $0 emulate --no-link --flash-id 1440C8"
            #expect(
                try await bench.shell("\(emulate) --flash new").error.contains("flash: new holds what the chip holds\n")
            )
            #expect(try await !bench.shell("\(emulate) --flash-from new").error.contains("holds what the chip holds"))
        }
    }
}
