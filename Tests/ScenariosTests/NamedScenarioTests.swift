import Flasher
import Scenarios
import Simulation
import Testing

/// The built-in scenarios do what their paragraphs say, for every dialect of the reference host.
@Suite struct NamedScenarioTests {
    /// Those that end soon: full back-ups of 2 MB are `make figures`' matter.
    private static let names = [
        "power-too-early", "missing-ground", "wrong-baud-691200-ch340", "wrong-baud-3000000", "alternate-pads",
        "swapped-tx-rx", "brown-out-in-erase", "lost-ack", "corrupt-block", "fifo-overrun", "dead-after-stub",
        "worn-sector", "wrong-flash-id", "unplugged", "slow-adapter",
    ]

    @Test(arguments: names, Dialect.allCases)
    func itEndsAsItExpects(name: String, dialect: Dialect) throws {
        let scenario = try Catalogue.scenario(name)
        for seed: UInt64 in 1...2 {
            let result = try Trial(scenario, seed: seed, dialect: dialect).run()
            #expect(result.verdicts.isEmpty, "seed \(seed): \(result.verdicts)")
            // A scenario whose faults do nothing shows nothing. Some have one for each way of writing.
            #expect(
                scenario.faults.isEmpty || result.firings.contains { $0.count > 0 }, "seed \(seed): nothing has fired")
        }
    }
}
