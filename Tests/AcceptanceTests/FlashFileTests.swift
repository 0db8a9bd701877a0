import Emulator
import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension FlashCommands {
    /// The files around a flash command, and what is known before the port is opened.
    @Suite struct FlashFileTests {
        @Test func aFileThatIsThereIsFoundBeforeThePortIsOpened() async throws {
            let folder = try Folder()
            try folder.write([1], to: "there.bin")
            for arguments in [
                ["read", folder["there.bin"]],
                ["erase", "--all", "--backup", folder["there.bin"]],
                ["write", folder["there.bin"], "--address", "0", "--yes", "--backup", folder["no/backup.bin"]],
            ] {
                let result = try await Program.run(["flash"] + arguments + ["--port", "/nonexistent/port"])
                #expect(result.code == 3)
                #expect(!result.error.contains("such port"), "\(result.error)")
            }
            #expect(try folder.read("there.bin") == [1])
        }

        /// A pipe of our own: a test that fails as root must not cost anybody their /dev/null.
        @Test func aPipeIsWrittenThroughAndNotReplaced() async throws {
            let folder = try Folder()
            let flash = SampleFlash.image(byteCount: 1 << 20, seed: 3)
            try folder.write(flash, to: "plug.bin")
            #expect(mkfifo(folder["pipe"], 0o600) == 0)
            let result = try await Program.shell(
                """
                cat \(folder["pipe"]) >\(folder["read.bin"]) & \
                $0 run --time fast --flash \(folder["plug.bin"]) --flash-id 1440C8 -- \
                $0 flash read \(folder["pipe"]) --overwrite --port {port}; echo $?; wait
                """)
            #expect(result.output.hasSuffix("done\n0\n"), "\(result.error)")
            var status = stat()
            #expect(lstat(folder["pipe"], &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
            #expect(try folder.read("read.bin") == flash)
        }

        @Test func aTraceThatIsNotAllThereIs3() async throws {
            let info = ["flash", "info", "--trace", "/dev/full", "--overwrite", "--port", "{port}"]
            let result = try await Program.run(["run", "--time", "fast", "--", Program.path] + info)
            #expect(result.code == 3, "\(result.output) \(result.error)")
        }

        @Test(arguments: [("1740C8", true), ("1840C8", true), ("1640C8", false)])
        func aFlashThatTheStubDoesNotKnow(id: String, isUnknown: Bool) async throws {
            let result = try await Program.run([
                "run", "--time", "fast", "--flash-id", id, "--", Program.path, "flash", "info", "--port", "{port}",
            ])
            #expect(result.error.contains("warning") == isUnknown, "\(result.error)")
            #expect((result.output + result.error).contains("having 0 bytes") == isUnknown)
        }

        @Test func anEmptyImageIs3() async throws {
            let folder = try Folder()
            try folder.write([], to: "image.bin")
            let write = ["flash", "write", folder["image.bin"], "--address", "0", "--port", "/nonexistent"]
            let result = try await Program.run(write)
            #expect(result.code == 3)
            #expect(result.error.contains("offset 0"), "\(result.error)")
        }
    }
}
