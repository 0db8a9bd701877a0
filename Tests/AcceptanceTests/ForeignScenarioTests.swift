import Check
import Flasher
import Foundation
import ScenarioFiles
import Scenarios
import Simulation
import TestForms
import Testing

extension ForeignHosts {
    /// A client that nobody here wrote meets the scenarios on a pseudo-terminal, in real time, as the reference flasher
    /// meets them in virtual time: both get in or not, and both end well or not.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct ForeignScenarioTests {
        private enum Ending: String {
            case success
            /// No loader ever answered.
            case noContact
            /// One did, and then the job failed.
            case lost
        }

        @Test(arguments: [
            ("good-bench", "read", 921_600), ("late-power", "read", 921_600), ("missing-ground", "read", 921_600),
            ("ground-joined-later", "read", 921_600), ("alternate-pads", "read", 921_600),
            ("adapter-1v8", "write", 921_600), ("wrong-baud-3000000", "read", 3_000_000),
            ("dead-after-stub", "read", 921_600), ("worn-sector", "write", 921_600),
            ("brown-out-in-erase", "write", 921_600),
        ])
        func endsAsInVirtualTime(name: String, job: String, baud: Int) async throws {
            let folder = try Folder()
            try folder.write(Program.smallStub, to: "stub.bin")
            let run = try await Program.run([
                "run", "--scenario", name, "--timeout", "60", "--", Program.python,
                "\(Program.root)/tools/xmodem_client.py", "{port}", "24576", "--stub", folder["stub.bin"], "--job", job,
                "--address", "0x8000", "--baud", "\(baud)", "--sync-seconds", "5",
            ])
            let foreign: Ending =
                if run.output.contains(#""passed": true"#) {
                    .success
                } else {
                    run.output.contains("\"synchronised\"") ? .lost : .noContact
                }
            #expect(foreign == (try virtual(name, job)), "\(run.output) \(run.error)")
        }

        private func virtual(_ name: String, _ job: String) throws -> Ending {
            var trial = Trial(try Catalogue.scenario(name), seed: 1, dialect: .community)
            trial.task = job == "write" ? .write : .backup
            let result = try trial.run()
            if result.ending == .success { return .success }
            return result.failure?.diagnosis?.observations.stage == .connecting ? .noContact : .lost
        }
    }
}
