import Check
import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing
import Trace

@Suite struct DeltaDebuggingTests {
    /// Of a hundred, the few that matter: whatever they are, and however many.
    @Test(arguments: [[], [0], [99], [3, 4], [0, 50, 99], [10, 20, 30, 40, 77]] as [Set<Int>])
    func findsWhatMatters(needed: Set<Int>) {
        var asked = 0
        let found = DeltaDebugging.smallest(Array(0..<100)) { part in
            asked += 1
            return needed.isSubset(of: part)
        }
        #expect(found == needed.sorted())
        #expect(asked < 300)
    }

    /// Not only what is monotonic: an odd number of elements.
    @Test func noSingleElementCanBeLeftOut() {
        let found = DeltaDebugging.smallest(Array(0..<33)) { $0.count % 2 == 1 }
        #expect(found.count == 1 || found.count % 2 == 1)
        let none = DeltaDebugging.smallest([Int]()) { _ in true }
        #expect(none.isEmpty)
    }
}

/// From a failing trial to the smallest scenario that fails in the same way.
@Suite struct TrialShrinkTests {
    private static func planted() -> Scenario {
        var scenario = TrialTests.bench("planted")
        scenario.adapter = Adapter(.ft232r)
        scenario.power = .afterFirstCharacter(.milliseconds(200))
        scenario.faults = [
            FaultChoice("boot-chatter", values: ["lines": 3]),
            FaultChoice("wrong-crystal", values: ["error": 5000]),
            FaultChoice("open-wire", direction: .chipToHost),
            FaultChoice("unplugged", values: ["after": 3_600_000]),
        ]
        scenario.host.syncWindow = .seconds(2)
        return scenario
    }

    @Test func onlyWhatMattersIsLeft() throws {
        var shrinker = try Shrinker(Trial(Self.planted(), seed: 4, dialect: .community))
        let before = shrinker.result
        #expect(before.verdicts.map(\.kind) == [.failed])
        #expect(shrinker.isWorthIt)
        shrinker.shrink()
        let small = shrinker.trial.scenario
        #expect(small.faults.map(\.name) == ["open-wire"])
        #expect(small.adapter == nil)
        #expect(small.power == .on)
        #expect(shrinker.trialCount < 100)
        // It is a trial like any other, and still fails.
        let again = try shrinker.trial.run()
        #expect(Shrinker.Signature(again) == Shrinker.Signature(before))
        #expect(again == shrinker.result)
    }

    @Test func whatEndsWellIsNotWorthIt() throws {
        let shrinker = try Shrinker(Trial(TrialTests.bench(task: .info), seed: 4, dialect: .community))
        #expect(!shrinker.isWorthIt)
    }

    /// §1.4: a RAM image has no sum; one character less, and the chip waits for it. Of all that a loose wire did until
    /// then, that one is left.
    @Test(arguments: [1, 2] as [UInt64])
    func aLooseWireBecomesOneLostCharacter(seed: UInt64) throws {
        var shrinker = try Shrinker(Trial(TrialTests.looseWire(), seed: seed, dialect: .community))
        let before = shrinker.result
        #expect(before.ending == .failure)
        shrinker.shrink()
        let faults = shrinker.trial.scenario.faults
        #expect(faults.count == 1, "\(faults)")
        #expect(faults.first?.name == "lose-characters")
        #expect(faults.first?.direction == .hostToChip)
        #expect(faults.first?.values["count"] ?? 1 == 1)
        let again = try shrinker.trial.run()
        #expect(Shrinker.Signature(again) == Shrinker.Signature(before))
    }
}

/// What a line did to single characters, made again of a trace.
@Suite struct LineEditsTests {
    /// What a loose wire did, as a list, does the same: both ends of the line have the same bytes.
    @Test(arguments: UInt64(1)...6)
    func theListDoesTheSame(seed: UInt64) throws {
        var trial = Trial(TrialTests.looseWire(), seed: seed, dialect: .community)
        let events = try trial.runTraced().events
        trial.scenario.faults = LineEdits(of: events).faults
        #expect(!trial.scenario.faults.isEmpty)
        let again = try trial.runTraced().events
        for direction in Direction.allCases {
            let (one, other) = (ends(events, direction), ends(again, direction))
            #expect(one.host == other.host && one.chip == other.chip, "seed \(seed), \(direction.name)")
        }
    }

    private func ends(_ events: [TraceEvent], _ direction: Direction) -> (host: [UInt8], chip: [UInt8]) {
        var (host, chip): ([UInt8], [UInt8]) = ([], [])
        var end = ChipEnd()
        for event in events {
            switch event.kind {
            case .data(direction, let bytes):
                host += bytes
                chip += end.data(bytes.span, direction)
            case .difference(let difference) where difference.direction == direction: chip += end.note(difference)
            default: break
            }
        }
        return (host, chip)
    }

    private func edits(
        _ direction: Direction, host: [UInt8], _ differences: [(at: Int, count: Int, chip: [UInt8], by: String)],
        label: String? = nil
    ) -> [FaultChoice] {
        let told = differences.map { difference in
            TraceEvent(
                .zero,
                .difference(
                    LineDifference(
                        direction, hostOffset: difference.at, hostCount: difference.count,
                        chipCharacters: difference.chip, cause: .fault(difference.by))))
        }
        return LineEdits(of: told + [TraceEvent(.zero, .data(direction, host))], by: label).faults
    }

    /// Host to chip the trace holds what was sent: 3 and 4 are lost, 6 arrives as 9.
    @Test func placesCountWhatWasSent() {
        let found = edits(
            .hostToChip, host: [1, 2, 3, 4, 5, 6, 7, 8], [(2, 2, [], "loose-wire"), (5, 1, [9], "loose-wire")])
        #expect(
            found == [
                FaultChoice("change-characters", direction: .hostToChip, values: ["at": 5, "xor": 6 ^ 9]),
                FaultChoice("lose-characters", direction: .hostToChip, values: ["from": 2, "count": 2]),
            ])
    }

    /// Chip to host it holds what was received: the chip sent 1 2 3 4 5 6.
    @Test func placesCountWhatTheChipSent() {
        let found = edits(.chipToHost, host: [1, 4, 9, 6], [(1, 0, [2, 3], "loose-wire"), (2, 1, [5], "loose-wire")])
        #expect(
            found == [
                FaultChoice("change-characters", direction: .chipToHost, values: ["at": 4, "xor": 5 ^ 9]),
                FaultChoice("lose-characters", direction: .chipToHost, values: ["from": 1, "count": 2]),
            ])
    }

    /// What nobody sent is no edit, nor is what another fault did where one is asked for.
    @Test func onlyWhatIsAskedForAndWasSent() {
        let chatter = edits(.chipToHost, host: [7, 7, 1], [(0, 2, [], "boot-chatter")])
        #expect(chatter.isEmpty)
        let one = edits(
            .hostToChip, host: [1, 2, 3], [(0, 1, [], "drop at block 2"), (2, 1, [], "loose-wire")], label: "loose-wire"
        )
        #expect(one == [FaultChoice("lose-characters", direction: .hostToChip, values: ["from": 2, "count": 1])])
    }
}
