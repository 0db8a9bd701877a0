import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing

/// Benches that users met, over some seeds each: what must never happen does not, and what must come back does.
@Suite struct TrialScenarioTests {
    private func tally(
        _ scenario: Scenario, _ dialect: Dialect, seeds: ClosedRange<UInt64> = 1...6, task: Scenario.Task? = nil
    ) throws -> TrialTally {
        var tally = TrialTally()
        for seed in seeds {
            var trial = Trial(scenario, seed: seed, dialect: dialect)
            trial.task = task ?? trial.task
            tally.add(try trial.run())
        }
        return tally
    }

    private func story(_ tally: TrialTally) -> String {
        tally.unexpected.map { "seed \($0.seed): \($0.verdicts)" }.joined(separator: "\n")
    }

    /// §11.3: power comes about half a second after Start.
    @Test(arguments: Dialect.allCases)
    func latePower(dialect: Dialect) throws {
        var scenario = TrialTests.bench("late-power", task: .info)
        scenario.power = .afterFirstCharacter(.milliseconds(500))
        scenario.expectation.limit = .seconds(5)
        let tally = try tally(scenario, dialect)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// §11.3: without a common ground it never works, and joining the grounds cures it at once.
    @Test(arguments: Dialect.allCases)
    func missingGround(dialect: Dialect) throws {
        var scenario = TrialTests.bench("missing-ground", task: .info)
        scenario.ground = .floating(FloatingGround())
        scenario.host.syncWindow = .seconds(3)
        scenario.expectation.ending = .failure
        scenario.expectation.cause = .noCommonGround
        let missing = try tally(scenario, dialect)
        #expect(missing.unexpected.isEmpty, "\(story(missing))")
        #expect(missing.successes == 0)
    }

    @Test(arguments: Dialect.allCases)
    func groundJoinedLater(dialect: Dialect) throws {
        var scenario = TrialTests.bench("ground-joined-later", task: .info)
        scenario.ground = .joinedAfter(Instant(nanoseconds: 2_000_000_000), FloatingGround())
        scenario.expectation.limit = .seconds(10)
        let tally = try tally(scenario, dialect)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// §11.3: at 1.8 V writing by XMODEM worked, and RDTool's back-up. Many short reads are slower than one long one: each
    /// command meets the sag that the answer before it has left.
    @Test(arguments: [(Dialect.community, Scenario.Task.write), (.vendor, .backup), (.rdtool, .backup)])
    func lowVoltageAdapter(dialect: Dialect, task: Scenario.Task) throws {
        var scenario = TrialTests.bench("adapter-1v8", task: task)
        scenario.adapter = Adapter(.ft232r, level: 1800)
        scenario.expectation.limit = .seconds(120)
        let tally = try tally(scenario, dialect, seeds: 1...3)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// §11.3: the back-up by XMODEM did not.
    @Test func lowVoltageAdapterAgainstXmodem() throws {
        var scenario = TrialTests.bench("adapter-1v8", task: .backup)
        scenario.adapter = Adapter(.ft232r, level: 1800)
        scenario.expectation.ending = .failure
        scenario.expectation.cause = .lowVoltageAdapter
        let tally = try tally(scenario, .community, seeds: 1...3)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// The supply goes in the middle of an erase and comes back: whatever is said then is true.
    @Test(arguments: Dialect.allCases, [Scenario.Task.write, .erase])
    func brownOutInAnErase(dialect: Dialect, task: Scenario.Task) throws {
        var scenario = TrialTests.bench("brown-out-in-erase", task: task)
        scenario.power = PowerSchedule([
            .init(.start, isOn: true), .init(.erase(1), after: .milliseconds(10), isOn: false),
            .init(.erase(1), after: .milliseconds(110), isOn: true),
        ])
        scenario.expectation.ending = .failure
        scenario.expectation.cause = .weakPower
        let tally = try tally(scenario, dialect, seeds: 1...3)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// A supply that bounces before it stays.
    @Test(arguments: Dialect.allCases)
    func bouncingPower(dialect: Dialect) throws {
        var scenario = TrialTests.bench("bouncing-power", task: .info)
        scenario.power = PowerSchedule(
            (0..<7).map { (place: Int) -> PowerSchedule.Switch in
                .init(.firstHostByte, after: .milliseconds(400 + 5 * place), isOn: place % 2 == 0)
            })
        let tally = try tally(scenario, dialect, seeds: 1...3)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }

    /// A flash that does not keep what is written is never said to hold it, and each fault is seen to have been met.
    @Test(
        arguments: [
            FaultChoice("worn-sector"), FaultChoice("stuck-bit", values: ["level": 0]), FaultChoice("write-protection"),
        ], Dialect.allCases)
    func aBadFlash(fault: FaultChoice, dialect: Dialect) throws {
        var scenario = TrialTests.bench("bad-flash", task: fault.name == "stuck-bit" ? .erase : .write)
        scenario.faults = [fault]
        scenario.expectation.ending = .failure
        scenario.expectation.cause = .wornFlash
        let tally = try tally(scenario, dialect, seeds: 1...2)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
        #expect(tally.firings.map(\.fault) == [fault.name])
        #expect(tally.firings.allSatisfy { $0.count > 0 })
    }

    /// A flash of 1 MB that says it has 2: whoever believes it reads everything twice, and is not lied to by anybody.
    @Test(arguments: Dialect.allCases)
    func anotherID(dialect: Dialect) throws {
        var scenario = TrialTests.bench("wrong-flash-id", task: .backup)
        scenario.faults = [FaultChoice("wrong-flash-id", values: ["id": 0x1540C8])]
        scenario.expectation.ending = .either
        let tally = try tally(scenario, dialect, seeds: 1...1)
        #expect(tally.unexpected.isEmpty, "\(story(tally))")
    }
}
