import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension CommandLineTests {
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
