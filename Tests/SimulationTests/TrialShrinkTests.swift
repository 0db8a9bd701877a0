import Emulator
import Flasher
import Line
import Simulation
import Testing
import Wire

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
}
