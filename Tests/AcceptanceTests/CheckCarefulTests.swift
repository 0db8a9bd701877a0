import Foundation
import TestForms
import Testing
import Words

extension ForeignHosts {
    /// The same flasher (`emulator/planted/careful.py`) where it does as it should.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckCarefulTests {
        /// Without a bug nothing is raised, and what it does not do is not said of it.
        @Test func theCarefulOneRaisesNothing() async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(
                "--suite smoke --flasher \(CheckFolder.flasher) --set script=\(CheckFolder.client) --json")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            let runs = report["runs"]?.array ?? []
            #expect(result.code == 0 && runs.count == 8, "\(result)")
            for run in runs {
                #expect(run["outcome"]?.string == "passed", "\(run)")
                let claim = run["scenario"]?.string == "missing-ground" ? "failure" : "success"
                #expect(run["claim"]?.string == claim, "\(run)")
                #expect(run["remarks"]?.array?.filter { $0.string?.contains("without a look") == true } == [])
            }
            #expect(report["score"]?["points"]?.integer == 8 && report["score"]?["failures"]?.integer == 0)
            #expect(try folder.leftovers == [])
            #expect(try folder.folder.names() == ["run", "tmp"], "no trace of what went well")
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
