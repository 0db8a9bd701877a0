import Check
import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing

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

/// What arrived, made again of what was sent by a list of single effects.
@Suite struct LineEditsTests {
    /// Whatever is lost and changed: the faults that come of it do the same, cut into whatever runs.
    @Test(arguments: UInt64(1)...20)
    func theListDoesTheSame(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var edits = LineEdits()
        var sent: [[UInt8]] = []
        var arrived: [UInt8] = []
        for _ in 0..<6 {
            let run = generator.bytes(Int(generator.next(below: 300)))
            let left = run.filter { _ in generator.next(below: 20) > 0 }
                .map { generator.next(below: 20) == 0 ? $0 ^ UInt8(1 + generator.next(below: 255)) : $0 }
            edits.add(run.span, left: left.span, .chipToHost)
            sent.append(run)
            arrived += left
        }
        var conditions = LineConditions()
        conditions.faults = try edits.faults.map {
            LabelledFault(try FaultCatalogue.fault($0.name, direction: $0.direction, values: $0.values))
        }
        guard !conditions.faults.isEmpty else { return }
        var seeds = SplitMix64(seed: 1)
        var line = FaultChain(conditions.faults, seeds: &seeds)
        var listener = SilentListener()
        var again: [UInt8] = []
        for run in sent {
            var rest = run
            // Other runs than before: the places count, not the runs.
            while !rest.isEmpty {
                var piece = Array(rest.prefix(1 + Int(generator.next(below: 100))))
                rest.removeFirst(piece.count)
                let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 115_200))
                line.pass(&piece, of: piece, timing, .chipToHost, offset: 0, &listener)
                again += piece
            }
        }
        #expect(again == arrived, "seed \(seed)")
    }

    /// A frame of 32 KB in which something happens here and there: a few effects, not everything after the first.
    @Test(arguments: UInt64(1)...5)
    func aLongRunIsAShortListToo(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let run = generator.bytes(32_768)
        var left = run
        left[30_000] ^= 1
        left.removeSubrange(20_000..<20_003)
        left[5000] ^= 0x80
        left.remove(at: 100)
        var edits = LineEdits()
        edits.add(run.span, left: left.span, .chipToHost)
        #expect(edits.faults.count == 4, "seed \(seed)")
    }

    @Test func itIsAShortList() {
        var edits = LineEdits()
        let (sent, left): ([UInt8], [UInt8]) = ([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 5, 9, 7, 8])
        edits.add(sent.span, left: left.span, .hostToChip)
        #expect(
            edits.faults == [
                FaultChoice("change-characters", direction: .hostToChip, values: ["at": 5, "xor": 6 ^ 9]),
                FaultChoice("lose-characters", direction: .hostToChip, values: ["from": 2, "count": 2]),
            ])
    }

    /// What is longer than what was sent came from elsewhere, and no list of losses makes it.
    @Test func whatWasAddedIsLeftOut() {
        var edits = LineEdits()
        let (sent, left): ([UInt8], [UInt8]) = ([1], [1, 2])
        edits.add(sent.span, left: left.span, .hostToChip)
        #expect(edits.faults.isEmpty)
    }
}
