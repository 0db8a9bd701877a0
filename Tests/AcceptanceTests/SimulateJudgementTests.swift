import Testing

extension OfflineCommands {
    /// `simulate` says what the runs were held against.
    @Suite struct SimulateJudgementTests {
        /// The scenario expects a back-up to fail: a write that fails is told with its reason, and is no verdict.
        @Test func anotherJobIsNotJudged() async throws {
            let result = try await Program.run([
                "simulate", "alternate-pads", "--task", "write", "--seeds", "4", "--sync-for", "0.1",
            ])
            #expect(result.code == 0, "\(result.output)")
            #expect(
                result.output.contains("not judged: the expectation applies to the scenario's own job only (backup)"),
                "\(result.output)")
            #expect(result.output.contains("first failure: seed 4: synchronise: "), "\(result.output)")
            // Where a back-up ends well a write must.
            let good = try await Program.run([
                "simulate", "good-bench", "--task", "write", "--seeds", "4", "--sync-for", "0.1",
            ])
            #expect(good.code == 1, "\(good.output)")
            #expect(good.output.contains("failed: success was expected; synchronise: "), "\(good.output)")
            let own = try await Program.run(["simulate", "good-bench", "--task", "backup", "--seeds", "4"])
            #expect(own.code == 0)
            #expect(!own.output.contains("not judged"), "\(own.output)")
        }

        /// Each odd seed's verify is of other contents.
        @Test func aRightfulFailureIsToldFromAnother() async throws {
            let result = try await Program.run(["simulate", "good-bench", "--task", "verify", "--seeds", "0...3"])
            #expect(result.code == 0, "\(result.output)")
            #expect(result.output.contains("2 of 4 compare with one wrong bit and must fail"), "\(result.output)")
            #expect(!result.output.contains("first failure"), "\(result.output)")
        }

        @Test(arguments: [
            (["good-bench", "--backup"], "--task write"),
            (["good-bench", "--task", "info", "--backup"], "--task write"),
            (["good-bench", "late-power", "good-bench"], "good-bench is named twice"),
        ])
        func whatWouldDoNothingIsRefused(arguments: [String], reason: String) async throws {
            let result = try await Program.run(["simulate"] + arguments)
            #expect(result.code == 2, "\(result.error)")
            #expect(result.error.contains(reason), "\(result.error)")
            #expect(result.output.isEmpty)
        }
    }
}
