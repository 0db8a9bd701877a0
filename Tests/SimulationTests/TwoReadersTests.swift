import Emulator
import Faults
import Flasher
import GoldenSessions
import Images
import Line
import Scenarios
import Simulation
import TestForms
import Testing
import Trace
import Wire

/// The strict and the eager reader of a session's state, on sessions of our own host and chip.
@Suite struct TwoReadersTests {
    private static let stubs: [StubImage.Version?] = [nil, .vendor131, .vendor134, .vendor1311, .vendor140]

    /// What makes a host repeat something, and leaves the length of every frame as it is. (A lost header answer is not among
    /// them: the chip takes the host's next sync words for its image, and only the eager reader, which sees runs, knows a
    /// word that stands alone.)
    private static let faults: [FaultChoice] = [
        FaultChoice("wrong-checksum", aim: Aim(.dataFrame, count: 2)),
        FaultChoice("drop", aim: Aim(.dataAnswer, count: 1)),
        FaultChoice("drop", aim: Aim(.blockAck, count: 3)), FaultChoice("corrupt", aim: Aim(.block, count: 2)),
        FaultChoice("drop", aim: Aim(.answer, count: 2)), FaultChoice("drop", aim: Aim(.eotAck)),
        FaultChoice("drop", aim: Aim(.syncAnswer)),
        FaultChoice("delay", aim: Aim(.baudAnswer), values: ["by": 450]),
        FaultChoice("wrong-checksum", aim: Aim(.uploadFrame, count: 2)),
        FaultChoice("stop-answering", aim: Aim(.command, count: 3)),
    ]

    /// What the host sent and received.
    private static func runs(
        _ seed: UInt64, _ dialect: Dialect, isDisturbed: Bool = false
    ) throws -> [GoldenSession.Run] {
        var generator = SplitMix64(seed: seed &* 31 &+ UInt64(dialect == .community ? 0 : 1))
        let tasks = Scenario.Task.allCases
        var scenario = TrialTests.bench(task: tasks[Int(generator.next(below: UInt64(tasks.count)))])
        if dialect != .community {
            scenario.chip.stub = Self.stubs[Int(generator.next(below: UInt64(Self.stubs.count)))]
        }
        if generator.next(below: 3) == 0 { scenario.power = .afterFirstCharacter(.milliseconds(400)) }
        if generator.next(below: 3) == 0 { scenario.chip.romAcknowledgesPieces = false }
        if isDisturbed { scenario.faults = [faults[Int(seed) % faults.count]] }
        return try Trial(scenario, seed: seed, dialect: dialect).runTraced().events.compactMap { event in
            guard case .data(let direction, let bytes) = event.kind else { return nil }
            return .init(nanoseconds: event.time.nanoseconds, direction: direction, bytes: bytes)
        }
    }

    @Test(arguments: 0..<UInt64(12), Dialect.allCases)
    func agreeOnEveryStep(seed: UInt64, dialect: Dialect) throws {
        try agree(seed, dialect, isDisturbed: false)
    }

    @Test(arguments: byForm(short: 0..<UInt64(8), long: 0..<22), Dialect.allCases)
    func agreeWhereThingsAreRepeated(seed: UInt64, dialect: Dialect) throws {
        try agree(seed, dialect, isDisturbed: true)
    }

    private func agree(_ seed: UInt64, _ dialect: Dialect, isDisturbed: Bool) throws {
        let runs = try Self.runs(seed, dialect, isDisturbed: isDisturbed)
        let (told, named) = (try #require(StepBeginning.told(of: runs)), StepBeginning.named(in: runs))
        #expect(named.count > 10)
        let difference = zip(told, named).first { $0 != $1 }
        #expect(difference == nil, "seed \(seed), \(dialect)\(isDisturbed ? ", disturbed" : "")")
        #expect(told.count == named.count)
    }

    @Test(arguments: byForm(short: 0..<UInt64(2), long: 0..<4), Dialect.allCases)
    func anyChunkingDecodesAlike(seed: UInt64, dialect: Dialect) throws {
        let runs = try Self.runs(seed, dialect)
        let events = GoldenSession.events(of: runs).map(\.unstamped)
        #expect(events.allSatisfy { $0.kind != .noise && $0.pitfall == nil })
        var generator = SplitMix64(seed: seed)
        for limit in [1, 5, 700] {
            var parts: [GoldenSession.Run] = []
            for run in runs {
                var rest = run.bytes[...]
                while !rest.isEmpty {
                    let part = rest.prefix(1 + Int(generator.next(below: UInt64(limit))))
                    parts.append(.init(nanoseconds: run.nanoseconds, direction: run.direction, bytes: Array(part)))
                    rest = rest.dropFirst(part.count)
                }
            }
            let isSame = GoldenSession.events(of: parts).map(\.unstamped) == events
            #expect(isSame, "seed \(seed), \(dialect), at most \(limit) bytes at once")
        }
    }
}

extension SessionEvent {
    fileprivate var unstamped: SessionEvent {
        var event = self
        (event.start, event.end) = (0, 0)
        return event
    }
}
