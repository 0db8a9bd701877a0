import Check
import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing
import Trace
import Wire

/// One run of a scenario, and what is checked in it.
@Suite struct TrialTests {
    /// 1 MB, so that a back-up takes half as long.
    static func bench(_ name: String = "bench", task: Scenario.Task = .write) -> Scenario {
        var scenario = Scenario(name: name)
        scenario.flashID = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
        scenario.host.task = task
        return scenario
    }

    static func looseWire(_ values: [String: Int] = ["onset": 200]) -> Scenario {
        var scenario = bench("loose-wire")
        scenario.faults = [FaultChoice("loose-wire", values: values)]
        scenario.expectation.ending = .either
        return scenario
    }

    @Test(arguments: Scenario.Task.allCases, Dialect.allCases)
    func everyTaskEndsWellOnAGoodBench(task: Scenario.Task, dialect: Dialect) throws {
        let result = try Trial(Self.bench(task: task), seed: 2, dialect: dialect).run()
        #expect(result.ending == .success, "\(result.failure?.description ?? "no end")")
        #expect(result.verdicts.isEmpty, "\(result.verdicts)")
        #expect(result.retryCount == 0, "\(result.lastRetries)")
    }

    @Test(arguments: Dialect.allCases)
    func aBackupBeforeAWriteIsCompared(dialect: Dialect) throws {
        var trial = Trial(Self.bench(), seed: 3, dialect: dialect)
        trial.backsUp = true
        let result = try trial.run()
        #expect(result.ending == .success && result.verdicts.isEmpty, "\(result.verdicts)")
    }

    /// A verify of what is not in the flash fails, and that is right.
    @Test(arguments: Dialect.allCases)
    func eachSecondVerifyIsOfSomethingElse(dialect: Dialect) throws {
        let result = try Trial(Self.bench(task: .verify), seed: 3, dialect: dialect).run()
        #expect(result.ending == .failure)
        #expect(result.verdicts.isEmpty, "\(result.verdicts)")
    }

    // MARK: Liveness

    @Test func aFailureThatIsExpectedIsNone() throws {
        var scenario = Self.bench("unpowered", task: .info)
        scenario.power = .off
        scenario.host.syncWindow = .seconds(2)
        scenario.expectation.ending = .failure
        scenario.expectation.cause = .unpowered
        let result = try Trial(scenario, seed: 1, dialect: .community).run()
        #expect(result.ending == .failure)
        #expect(result.causeClass == .silence)
        #expect(result.verdicts.isEmpty, "\(result.verdicts)")

        scenario.expectation.cause = .wornFlash
        #expect(try Trial(scenario, seed: 1, dialect: .community).run().verdicts.map(\.kind) == [.misdiagnosed])

        scenario.expectation = .init()
        #expect(try Trial(scenario, seed: 1, dialect: .community).run().verdicts.map(\.kind) == [.failed])
    }

    /// Half an hour of patience begins when the host does, or when supply and ground are as they stay.
    @Test func whoMustWaitHasNotHung() throws {
        var scenario = Self.bench(task: .info)
        scenario.host.delay = .seconds(3600)
        scenario.expectation.limit = .seconds(3660)
        let late = try Trial(scenario, seed: 1, dialect: .community).run()
        #expect(late.ending == .success && late.verdicts.isEmpty, "\(late.verdicts)")
        #expect(late.duration > .seconds(3600))
    }

    /// 1 MB at 2400 baud takes 73 minutes.
    @Test func whoIsSlowHasNotHung() throws {
        var scenario = Self.bench(task: .backup)
        scenario.host.workingBaud = 2400
        let result = try Trial(scenario, seed: 1, dialect: .community).run()
        #expect(result.ending == .success && result.verdicts.map(\.kind) == [.late], "\(result.verdicts)")
        #expect(result.duration > .seconds(4369))
    }

    @Test func patienceIsReckonedFromTheLastThingThatIsPlanned() {
        let end = { (change: (inout Scenario) -> Void) in
            var scenario = Self.bench()
            change(&scenario)
            return Trial(scenario, seed: 1, dialect: .community).end
        }
        let halfAnHour = Instant.zero.advanced(by: .seconds(1800))
        #expect(end { _ in } == halfAnHour)
        #expect(end { $0.host.delay = .seconds(60) } == halfAnHour.advanced(by: .seconds(60)))
        #expect(
            end { $0.ground = .joinedAfter(.zero.advanced(by: .seconds(50)), FloatingGround()) }
                == halfAnHour.advanced(by: .seconds(50)))
        #expect(
            end {
                $0.host.delay = .seconds(60)
                $0.power = PowerSchedule([.init(.start, after: .seconds(100), isOn: true)])
            } == halfAnHour.advanced(by: .seconds(100)))
        #expect(end { $0.host.workingBaud = 460_800 } == halfAnHour)
        #expect(end { $0.host.workingBaud = 50_000 } == .zero.advanced(by: .seconds(3 * 1800)))
        // What is reckoned from the host can only come after it has begun.
        #expect(
            end {
                $0.host.delay = .seconds(60)
                $0.power = .afterFirstCharacter(.seconds(5))
                $0.chip.powerRamp = .seconds(2)
            } == halfAnHour.advanced(by: .seconds(67)))
    }

    @Test func aSuccessMayBeTooLateOrUnexpected() throws {
        var scenario = Self.bench(task: .info)
        scenario.expectation.limit = .milliseconds(10)
        #expect(try Trial(scenario, seed: 1, dialect: .community).run().verdicts.map(\.kind) == [.late])
        scenario.expectation.ending = .failure
        #expect(try Trial(scenario, seed: 1, dialect: .community).run().verdicts.map(\.kind) == [.succeeded])
    }

    /// A limit that is missed by a nanosecond: both times are told so that the one is greater than the other.
    @Test func howMuchTooLateIsTold() throws {
        var scenario = Self.bench(task: .info)
        let duration = try Trial(scenario, seed: 1, dialect: .community).run().duration
        scenario.expectation.limit = duration - .nanoseconds(1)
        let reason = try Trial(scenario, seed: 1, dialect: .community).run().verdicts.first?.reason ?? ""
        let times = reason.split(separator: " ").compactMap { word in
            word.split(separator: ".").count == 2 ? Double(word) : nil
        }
        #expect(times.count == 2, "\(reason)")
        #expect(times.first ?? 0 > times.last ?? 0, "\(reason)")
        #expect(reason.hasSuffix(" s are allowed"), "\(reason)")
    }

    /// The expectation is about the scenario's own task.
    @Test func anotherTaskIsOnlyCheckedForSafety() throws {
        var scenario = Self.bench(task: .info)
        scenario.expectation.ending = .failure
        var trial = Trial(scenario, seed: 1, dialect: .community)
        trial.task = .verify
        trial.seed = 2
        #expect(try trial.run().verdicts.isEmpty)
    }

    @Test func aFaultThatNeverFiredIsTold() throws {
        var scenario = Self.bench(task: .info)
        scenario.faults = [FaultChoice("unplugged", values: ["after": 3_600_000])]
        let result = try Trial(scenario, seed: 1, dialect: .community).run()
        #expect(result.firings.map(\.fault) == ["unplugged"])
        #expect(result.firings.map(\.count) == [0])
        var tally = TrialTally()
        tally.add(result)
        tally.add(result)
        #expect(tally.firings.map(\.count) == [0])
    }

    /// Whoever pulls the adapter out before anybody has said anything has done something all the same; whoever comes
    /// after him has not.
    @Test(arguments: Dialect.allCases)
    func aPulledPlugHasFired(dialect: Dialect) throws {
        var scenario = Self.bench(task: .info)
        scenario.faults = [
            FaultChoice("unplugged", values: ["after": 5000]), FaultChoice("unplugged", values: ["after": 0]),
        ]
        scenario.expectation.ending = .failure
        let result = try Trial(scenario, seed: 0, dialect: dialect).run()
        #expect(result.ending == .failure && result.verdicts.isEmpty, "\(result.verdicts)")
        #expect(result.firings.map { $0.count > 0 } == [false, true])
    }

    @Test func aFaultThatIsNoneIsAnError() {
        var scenario = Self.bench()
        scenario.faults = [FaultChoice("no-such-fault")]
        #expect(throws: FaultError.self) { try Trial(scenario, seed: 1, dialect: .community).run() }
    }

    // MARK: Determinism

    /// The same trial is the same run, to the byte and the nanosecond, in whatever order trials are run.
    @Test func theSameTrialIsTheSameRun() throws {
        let seeds: [UInt64] = [5, 6, 7]
        let first = try seeds.map { try Trial(Self.looseWire(), seed: $0, dialect: .community).run() }
        let again = try seeds.reversed().map { try Trial(Self.looseWire(), seed: $0, dialect: .community).run() }
        #expect(first == again.reversed())
        #expect(Set(first.map(\.digest)).count == seeds.count)
        #expect(first.allSatisfy { $0.digest.count == 64 })
    }

    @Test func listeningChangesNothing() throws {
        let trial = Trial(Self.looseWire(), seed: 5, dialect: .community)
        let traced = try trial.runTraced()
        #expect(try traced.result == trial.run())
        #expect(traced.events.contains { if case .fault = $0.kind { true } else { false } })
        let times = traced.events.map(\.time)
        #expect(times == times.sorted())
    }

    /// Whatever a loose wire does: success is only ever said of the right flash, and each job comes to an end.
    @Test(arguments: UInt64(1)...6, Dialect.allCases)
    func aLooseWireMakesNoLie(seed: UInt64, dialect: Dialect) throws {
        let result = try Trial(Self.looseWire(), seed: seed, dialect: dialect).run()
        #expect(result.verdicts.isEmpty, "seed \(seed): \(result.verdicts)")
    }
}

@Suite struct TrialTallyTests {
    private func result(_ seed: UInt64, _ ending: Claims.Ending, milliseconds: Int) -> TrialResult {
        TrialResult(seed: seed, ending: ending, duration: .milliseconds(milliseconds))
    }

    @Test func countsAndPercentiles() {
        var tally = TrialTally()
        #expect(tally.duration(percentile: 50) == nil)
        for seed in 1...100 {
            tally.add(result(UInt64(seed), seed <= 90 ? .success : .failure, milliseconds: 1000 - seed))
        }
        var lie = result(101, .success, milliseconds: 1)
        lie.verdicts = [Verdict(.lie, "")]
        lie.receivedLengths = [3, 1, 1]
        tally.add(lie)
        #expect(tally.runs == 101)
        #expect(tally.successes == 91)
        #expect(tally.failures == 10)
        #expect(tally.lies == 1)
        #expect(tally.unexpected.map(\.seed) == [101])
        #expect(tally.duration(percentile: 50) == .milliseconds(949))
        #expect(tally.duration(percentile: 100) == .milliseconds(999))
        #expect(tally.receivedLengths.map(\.length) == [1, 3])
        #expect(tally.receivedLengths.map(\.count) == [2, 1])
    }
}
