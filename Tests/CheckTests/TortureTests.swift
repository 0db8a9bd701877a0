import Check
import Faults
import Line
import Scenarios
import Testing
import Wire

/// Scenarios that are made up from a session.
@Suite struct TortureTests {
    /// §1.4, §3: sync words and their answer, the header and its answer, three pieces with theirs.
    private func steps(pieces: Int) -> StepTally {
        var steps = StepTally()
        func send(_ bytes: [UInt8], _ direction: Direction) { steps.data(bytes.span, direction) }
        send(Array("cnys".utf8), .hostToChip)
        send([0x01], .chipToHost)
        let count = UInt32(pieces * 1024)
        send([1, 0, 0, 0, 0, 0, 1, 0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }, .hostToChip)
        send([0x00], .chipToHost)
        for _ in 0..<pieces {
            send([UInt8](repeating: 0x11, count: 1024), .hostToChip)
            send([0x00], .chipToHost)
        }
        return steps
    }

    private func names(pieces: Int) -> [String] {
        Torture.scenarios(at: steps(pieces: pieces), on: Scenario(name: "good")).map(\.name)
    }

    @Test func everyStepHasItsFaults() {
        let names = names(pieces: 1)
        for step in ["sync", "sync-answer", "header", "header-answer", "piece", "piece-answer"] {
            for fault in ["drop", "corrupt", "duplicate", "delay", "stop-answering"] {
                #expect(names.contains("\(fault)-\(step)-1"))
            }
        }
        #expect(names.contains("truncate-piece-1") && !names.contains("truncate-piece-answer-1"))
        #expect(!names.contains { $0.hasPrefix("wrong-checksum") || $0.contains("block") })
        #expect(Set(names).count == names.count)
    }

    @Test func ofManyTheFirstTwoTheMiddleAndTheLast() {
        let pieces = names(pieces: 9).filter { $0.hasPrefix("drop-piece-") && !$0.contains("answer") }
        #expect(pieces == ["drop-piece-1", "drop-piece-2", "drop-piece-5", "drop-piece-9"])
    }

    /// §4.2: the frame that changes the rate is a command as well, and its answer an answer. An aim counts them so.
    @Test func aChangeOfRateIsACommand() {
        var steps = steps(pieces: 1)
        let frames: [(bytes: [UInt8], direction: Direction)] = [
            ([0xA5, 0x07, 0x04, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xCE], .hostToChip),
            ([0x5A, 0x07, 0x00, 0x00, 0x00, 0x61], .chipToHost), ([0xA5, 0x90, 0x00, 0x00, 0x35], .hostToChip),
        ]
        for (bytes, direction) in frames { steps.data(bytes.span, direction) }
        #expect(steps.count(of: .baud, .hostToChip) == 1 && steps.count(of: .command, .hostToChip) == 2)
        #expect(steps.count(of: .baudAnswer, .chipToHost) == 1 && steps.count(of: .answer, .chipToHost) == 1)
    }

    /// Each is a fault that can be made, aimed where its name says, and all else is as on the good bench.
    @Test func nothingElseIsWrong() throws {
        var good = Scenario(name: "good")
        good.host.delay = .milliseconds(30)
        for scenario in Torture.scenarios(at: steps(pieces: 2), on: good) {
            let fault = try #require(scenario.faults.first)
            let aim = try #require(fault.aim)
            #expect(scenario.faults.count == 1)
            var rest = scenario
            (rest.name, rest.about, rest.faults) = (good.name, good.about, good.faults)
            #expect(rest == good)
            #expect(scenario.name == "\(fault.name)-\(aim.step.rawValue)-\(aim.count)")
            #expect(scenario.name.utf8.count <= 40)
            #expect(FaultRegistry.summaries.contains { $0.name == fault.name && $0.takesAim })
            _ = try scenario.conditions(seed: 1)
        }
    }
}
