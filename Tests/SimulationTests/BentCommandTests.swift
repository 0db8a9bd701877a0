import Faults
import Flasher
import Line
import Scenarios
import Simulation
import TestForms
import Testing
import Wire

/// A command's sum has eight bits (ECR6600 facts §4): damage that keeps it sends the stub elsewhere, or further. Nobody is
/// to be told of success then, unless it was.
@Suite struct BentCommandTests {
    private static let cases = [5, 6, 9, 10].flatMap { byte in Dialect.allCases.map { (byte, $0) } }
    /// Each byte and each dialect.
    private static let fewCases = [(5, Dialect.community), (6, .vendor), (9, .rdtool), (10, .community)]

    /// Bytes 5 and 6 of a command's frame are in its address, 9 and 10 in its length (§4: A5, type, two of length, two
    /// words); the same bit of the sum at the frame's end changes with them.
    @Test(arguments: byForm(short: fewCases, long: cases))
    func aDamageThatKeepsTheSum(byte: Int, dialect: Dialect) throws {
        var firings = 0
        for task in [Scenario.Task.write, .erase] {
            for command in 3...12 {
                var scenario = TrialTests.bench("bent-command", task: task)
                scenario.expectation.ending = .either
                scenario.faults = [byte, FaultChoice.lastByte].map { byte in
                    FaultChoice(
                        "corrupt", direction: .hostToChip, aim: Aim(.command, count: command),
                        values: ["byte": byte, "xor": 0x80])
                }
                let result = try Trial(scenario, seed: 1, dialect: dialect).run()
                #expect(result.verdicts.isEmpty, "\(task), command \(command): \(result.verdicts)")
                firings += result.firings[0].count
            }
        }
        #expect(firings >= 6)
    }
}

extension FaultChoice {
    /// What `corrupt` takes for the last byte of whatever it is aimed at.
    fileprivate static let lastByte = 65_545
}
