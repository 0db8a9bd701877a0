import Flasher
import Line
import Scenarios
import Simulation
import Testing

@testable import ScenarioFiles

/// A driver that makes another rate than it is asked for.
@Suite struct WrongRateTests {
    private static func scenario(made: Int) throws -> Scenario {
        let text = """
            solderless: 1
            name: old-driver
            board: tnce-plug
            adapter: {type: ch340, wrong-rates: [{asked: 921600, made: \(made)}]}
            power: {apply: first-host-byte + 0.5 s}
            host: {baud: 921600}
            expect: {outcome: failure, within: 60 s, cause: wrong-working-baud}
            """
        return try ScenarioFile.scenario(parsing: Array(text.utf8), file: "old-driver.yaml")
    }

    @Test func onlyTheRateThatIsAskedForIsWrong() throws {
        let adapter = try #require(try Self.scenario(made: 857_143).adapter)
        #expect(adapter.rate(for: 921_600) == BitRate(baud: 857_143))
        #expect(adapter.rate(for: 115_200) == Adapter(.ch340).rate(for: 115_200))
        #expect(Adapter(.ch340).rate(for: 921_600) != BitRate(baud: 857_143))
    }

    /// The chip makes 909,091 of 921,600 (ECR6600 facts §4.2: 8×11): 5.7 % above the one, 9.1 % below the other. A host
    /// that uses it loses the chip at the change of rate.
    @Test(arguments: [857_143, 1_000_000], Dialect.allCases)
    func theChipIsLostAtTheChangeOfRate(made: Int, dialect: Dialect) throws {
        let scenario = try Self.scenario(made: made)
        let result = try Trial(scenario, seed: 1, dialect: dialect).run()
        #expect(result.verdicts.isEmpty, "\(result.verdicts)")
    }
}
