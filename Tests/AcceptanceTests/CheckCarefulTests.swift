import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// The same flasher (`emulator/planted/careful.py`) where it does as it should.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckCarefulTests {
        private func checkout(_ flasher: String, in folder: CheckFolder) throws {
            let path = folder.folder["checkout"]
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try folder.folder.write(Array(flasher.utf8), to: "checkout/my-flasher.yaml")
        }

        /// Without a bug nothing is raised, and what it does not do is not said of it. It is checked by the job for CI
        /// servers that `docs/check.md` has.
        @Test func theCarefulOneRaisesNothing() async throws {
            let folder = try CheckFolder()
            let flasher = try String(contentsOfFile: CheckFolder.flasher, encoding: .utf8)
            try checkout(flasher.replacing("{script: careful.py}", with: "{script: \(CheckFolder.client)}"), in: folder)
            let job = try DocumentedJob()
            let result = try await job.run(in: folder)
            let report = try JSONReader.value(of: folder.folder.read("checkout/check.json"))
            let runs = report["runs"]?.array ?? []
            #expect(result.code == 0, "\(result)")
            CheckFolder.expectAllRight(runs)
            #expect(report["score"]?["points"]?.integer == 8 && report["score"]?["failures"]?.integer == 0)
            #expect(try folder.leftovers == [])
            let kept = try await job.found(in: folder)
            #expect(kept == [["check.html", "check.json", "check.xml"], []], "no trace of what went well")
            try await JUnitSchema.check(folder.folder["checkout/check.xml"])
        }

        /// The same job fails where the flasher does, and keeps the traces.
        @Test func theJobFailsWithABadFlasher() async throws {
            let folder = try CheckFolder()
            try checkout(
                """
                solderless: 1
                kind: flasher
                name: believes
                commands: {read: "touch {out} {port}", write: "true {port} {image}"}
                """, in: folder)
            let job = try DocumentedJob()
            let result = try await job.run(in: folder)
            #expect(result.code == 1, "\(result)")
            let kept = try await job.found(in: folder)
            #expect(kept == [["check.html", "check.json", "check.xml"], ["check-traces/"]])
            #expect(try folder.folder.names(in: "checkout/check-traces").count == 8)
            try await JUnitSchema.check(folder.folder["checkout/check.xml"])
        }

        /// A success that nobody has looked at is remarked, and no failure.
        @Test func successWithoutALook() async throws {
            let folder = try CheckFolder()
            let (code, run, _) = try await folder.run("good-bench", "write", "--bug believes-retries")
            #expect(code == 0 && run["outcome"]?.string == "passed")
            let remarks = run["remarks"]?.array?.compactMap(\.string) ?? []
            #expect(remarks == ["success without a look: it asked for no SHA-256 and read nothing back"])
        }
    }
}
