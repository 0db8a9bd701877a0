import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// A host on pySerial with three weaknesses that are known (`Tests/Clients/frames_host.py`).
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct CheckWeakHostTests {
        /// An end of a transfer whose answer is lost.
        private static let lostEnd = """
            solderless: 1
            kind: scenario
            name: lost-end
            board: tnce-plug
            power: {apply: first-host-byte + 0.5 s}
            faults:
              - drop: {direction: chip-to-host, at: {eot-ack: 1}}
            expect: {outcome: success}
            """

        private func run(_ scenario: String, _ check: String, _ words: String) async throws -> JSONValue {
            let folder = try CheckFolder()
            try folder.folder.write(Array(Self.lostEnd.utf8), to: "lost-end.yaml")
            // Two frames, and a tail whose length has 01 in its upper byte.
            try folder.folder.write((0..<8492).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "tail@0x8000.bin")
            let result = try await folder.check(
                "\(scenario) --json \(check) -- \(Program.python) \(Program.root)/Tests/Clients/frames_host.py {port} "
                    + "--baud {baud} \(words)")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            #expect(try folder.leftovers == [])
            return try #require(report["runs"]?.array?.first, "\(result.error)")
        }

        private static let write = "write {image} --address {address}"

        /// What the rules have found in its trace.
        private func rules(_ run: JSONValue) -> [String] {
            (run["findings"]?.array ?? []).compactMap { $0["rule"]?.string }
        }

        @Test func theTailBecomesARepetition() async throws {
            let run = try await run("good-bench", "--task write --image tail@0x8000.bin", Self.write)
            #expect(run.verdictNames == ["lie"] && run["outcome"]?.string == "failed", "\(run)")
            let finding = run["findings"]?.array?.first { $0["rule"]?.string == "tail-becomes-resend" }
            #expect(finding?["event"]?.integer ?? 0 > 1 && finding?["level"]?.string == "error", "\(run)")
        }

        @Test func nothingIsCompared() async throws {
            let run = try await run("good-bench", "--task write", Self.write)
            #expect(run["outcome"]?.string == "passed", "\(run)")
            #expect(
                run["remarks"]?.array == [
                    .string("success without a look: it asked for no SHA-256 and read nothing back")
                ])
            #expect(rules(run).contains("not-verified"), "\(run)")
        }

        @Test func theEndIsSentOnce() async throws {
            let good = try await run("good-bench", "--task write", Self.write + " --by xmodem")
            #expect(good["outcome"]?.string == "passed", "\(good)")
            let lost = try await run("./lost-end.yaml", "--task write --timeout 12", Self.write + " --by xmodem")
            #expect(lost.verdictNames == ["hang"], "\(lost)")
            #expect(lost["lastExchange"]?.string?.contains("EOT") == true, "\(lost)")
            #expect(rules(lost).contains("eot-not-repeated"), "\(lost)")
        }

        @Test func aReadIsRight() async throws {
            let run = try await run("good-bench", "--task read --length 0x8000", "read {out} --length {length}")
            #expect(run["outcome"]?.string == "passed" && run.verdictNames.isEmpty, "\(run)")
        }
    }
}
