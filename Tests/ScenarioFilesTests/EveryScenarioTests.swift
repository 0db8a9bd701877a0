import Flasher
import Scenarios
import Simulation
import TestForms
import Testing
import Wire

@testable import ScenarioFiles

/// Every named scenario with every dialect of the reference host: nobody lies, nobody hangs, and it ends as the scenario
/// says, with a diagnosis that has the true cause. `make figures` does the same for a thousand seeds.
@Suite struct EveryScenarioTests {
    private static let cases = Catalogue.scenarioNames.flatMap { name in Dialect.allCases.map { (name, $0) } }
    /// Each scenario, with the dialects in turn.
    private static let fewCases = Catalogue.scenarioNames.enumerated().map { index, name in
        (name, Dialect.allCases[index % Dialect.allCases.count])
    }

    @Test(arguments: byForm(short: fewCases, long: cases))
    func endsAsItSays(name: String, dialect: Dialect) throws {
        var scenario = try Catalogue.scenario(name)
        // A flash of 1 MB, which halves the time.
        scenario.flashID = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
        let result = try Trial(scenario, seed: 1, dialect: dialect).run()
        #expect(
            result.verdicts.isEmpty,
            "solderless simulate \(name) --seeds 1 --dialect \(dialect.rawValue): \(result.verdicts)")
    }

    /// What a scenario says is wrong has really happened in some dialect; a step of XMODEM comes in one, a data frame in
    /// the others.
    @Test(arguments: Catalogue.scenarioNames)
    func everyFaultFires(name: String) throws {
        let scenario = try Catalogue.scenario(name)
        var counts = [Int](repeating: 0, count: scenario.faults.count)
        for dialect in Dialect.allCases where counts.contains(0) {
            let result = try Trial(scenario, seed: 2, dialect: dialect).run()
            #expect(result.firings.count == counts.count)
            for (index, firing) in result.firings.enumerated() { counts[index] += firing.count }
        }
        #expect(!counts.contains(0), "seed 2: \(counts)")
    }

    /// ECR6600 facts §11.3, the user with `recv length is: 1`: without a common ground an imitated RDTool never gets in,
    /// and the number it complains of is mostly 1.
    @Test func recvLengthIsMostlyOne() throws {
        let scenario = try Catalogue.scenario("missing-ground")
        var tally = TrialTally()
        for seed in UInt64(0)..<10 { tally.add(try Trial(scenario, seed: seed, dialect: .rdtool).run()) }
        #expect(tally.successes == 0)
        let most = try #require(tally.receivedLengths.max { $0.count < $1.count })
        #expect(most.length == 1, "\(tally.receivedLengths)")
    }
}
