import Flasher
import Scenarios
import Testing

@testable import Check

/// What is said of a program that is not ours.
@Suite struct ForeignJudgementTests {
    private static let sector = 4096
    private let before = [UInt8](repeating: 7, count: 4 * sector)

    private func scenario(
        _ ending: Scenario.Expectation.Ending = .success, _ demand: Scenario.Expectation.Demand = .careful
    ) -> Scenario {
        var scenario = Scenario(name: "s")
        scenario.expectation.ending = ending
        scenario.expectation.demand = demand
        return scenario
    }

    /// A write of the second sector, of which `wrote` has been made.
    private func write(
        _ ending: Claims.Ending, _ scenario: Scenario, wordy: String = "", transferring: Bool = false,
        after: Duration = .seconds(1), _ change: (inout [UInt8]) -> Void
    ) -> [Verdict.Kind] {
        var (wanted, found) = (before, before)
        wanted.replaceSubrange(4096..<8000, with: repeatElement(1, count: 3904))
        change(&found)
        let evidence = Evidence(before: before, wanted: wanted, found: found, parts: [4096..<8000])
        let claims = Claims(ending, after: after, words: wordy, wasTransferring: transferring)
        let duty = Duty(ofOthers: .write, in: scenario, comparesWithOther: false, limit: .seconds(60))
        return Judgement(claims, against: evidence, duty: duty).verdicts.map(\.kind)
    }

    /// What lies beyond the flash has no bytes that could be compared.
    @Test(arguments: [[4096..<8000, 20000..<24000], [16000..<40000], [30000..<40000, 50000..<60000]])
    func partsBeyondTheFlashAreNoCrash(parts: [Range<Int>]) {
        var found = before
        let evidence = Evidence(before: before, wanted: before, found: found, parts: parts)
        #expect(evidence.harmed == nil && evidence.wrong == nil)
        found[9000] = 0xFF
        #expect(Evidence(before: before, wanted: before, found: found, parts: parts).harmed != nil)
        #expect(
            CheckJob.Part(address: 16000, bytes: [UInt8](repeating: 0, count: 384)).problem(inFlashOf: 16384) == nil)
        let problem = CheckJob.Part(address: 16000, bytes: [UInt8](repeating: 0, count: 385)).problem(inFlashOf: 16384)
        #expect(problem == "the image ends at 0x4001, and the flash has 16384 bytes")
    }

    private func done(_ flash: inout [UInt8]) {
        flash.replaceSubrange(4096..<8000, with: repeatElement(1, count: 3904))
    }

    @Test func successIsHeldAgainstTheFlash() {
        #expect(write(.success, scenario(), done) == [])
        #expect(write(.success, scenario()) { _ in } == [.lie])
        // The rest of the last sector had to be erased with it.
        #expect(
            write(.success, scenario()) {
                done(&$0); $0[8100] = 0xFF
            } == [])
        #expect(
            write(.success, scenario()) {
                done(&$0); $0[8192] = 0xFF
            } == [.harmed])
        #expect(
            write(.success, scenario()) {
                done(&$0); $0[0] = 0xFF
            } == [.harmed])
    }

    @Test func anHonestFailureIsNone() {
        #expect(write(.failure, scenario(.failure)) { $0[5000] = 0xFF } == [])
        #expect(write(.failure, scenario()) { _ in } == [.failed])
        #expect(
            write(.failure, scenario(.failure)) { $0[16000] = 0xFF } == [.harmed], "it says so, and harms all the same")
    }

    @Test func betterThanExpectedIsNoFault() {
        #expect(write(.success, scenario(.failure), done) == [])
        #expect(write(.success, scenario(.either), done) == [])
    }

    @Test func theOtherEnds() {
        #expect(write(.outOfTime, scenario(.failure)) { _ in } == [.hang])
        #expect(write(.outOfTime, scenario(), transferring: true) { _ in } == [.late])
        #expect(write(.outOfTime, scenario(.either), transferring: true) { _ in } == [])
        #expect(write(.crashed, scenario(.failure)) { _ in } == [.crashed])
        #expect(write(.unclear, scenario()) { _ in } == [.unknown])
        #expect(write(.success, scenario(), after: .seconds(61), done) == [.late])
    }

    private func read(
        _ reading: [UInt8]?, asked: Range<Int>, _ found: [UInt8]? = nil, _ ending: Claims.Ending = .success,
        reportedSizes: [Int] = []
    )
        -> [Verdict.Kind]
    {
        let evidence = Evidence(
            before: before, wanted: before, found: found ?? before, reportedSizes: reportedSizes, askedFor: asked,
            parts: [])
        let claims = Claims(ending, after: .seconds(1), readings: reading.map { [$0] } ?? [])
        let duty = Duty(ofOthers: .backup, in: scenario(), comparesWithOther: false, limit: .seconds(60))
        return Judgement(claims, against: evidence, duty: duty).verdicts.map(\.kind)
    }

    @Test func aBackUpIsComparedByteForByte() {
        let part = Array(before[..<4096])
        #expect(read(part, asked: 0..<4096) == [])
        #expect(read(before, asked: 0..<4096) == [], "all of it is more than was asked for")
        #expect(read(nil, asked: 0..<4096) == [.lie])
        #expect(read(Array(part.dropLast()), asked: 0..<4096) == [.lie])
        #expect(read(part.dropLast() + [8], asked: 0..<4096) == [.lie])
    }

    /// A host that reads all that the chip reports can only believe a fault's size, whatever it was asked for.
    @Test func aBackUpMayHaveTheSizeThatAFaultReported() {
        let twice = before + before
        #expect(read(twice, asked: 0..<4096, reportedSizes: [twice.count]) == [])
        #expect(read(twice, asked: 0..<before.count, reportedSizes: [twice.count]) == [])
        #expect(read(twice, asked: 0..<4096) == [.lie])
        #expect(read(twice.dropLast() + [8], asked: 0..<4096, reportedSizes: [twice.count]) == [.lie])
        #expect(read(Array(before[..<4096]), asked: 0..<4096, reportedSizes: [twice.count]) == [])
    }

    @Test func aReadChangesNothing() {
        var changed = before
        changed[9000] = 0xFF
        #expect(read(Array(before[..<4096]), asked: 0..<4096, changed) == [.harmed])
        #expect(read(nil, asked: 0..<4096, changed, .failure) == [.touched, .failed])
    }

    private func result(
        _ verdicts: [Verdict.Kind], _ demand: Scenario.Expectation.Demand = .careful, late: Duration = .zero
    ) -> CheckResult {
        var result = CheckResult(
            CheckCase(scenario(.success, demand), named: "s", task: .write, seed: 1), command: [],
            claim: verdicts.isEmpty ? .success : .failure, ending: "", duration: .seconds(1),
            verdicts: verdicts.map { Verdict($0, "") })
        result.lateness = late
        return result
    }

    @Test func whatIsAskedOfAnyHostIsAFailure() {
        for kind in [Verdict.Kind.lie, .touched, .harmed, .hang, .crashed, .unknown] {
            #expect(result([kind]).outcome == .failed, "\(kind)")
        }
        #expect(result([.failed]).outcome == .missed && result([.late]).outcome == .missed)
        #expect(result([.failed], .any).outcome == .failed && result([.late], .any).outcome == .failed)
        #expect(result([]).outcome == .passed)
        #expect(result([.failed, .harmed]).verdicts.map(\.kind) == [.harmed, .failed], "the worst comes first")
    }

    /// A bench that was late says nothing of a failure; a lie it does not excuse.
    @Test func aLateBenchIsInconclusive() {
        let late = Duration.milliseconds(5) + .nanoseconds(1)
        #expect(result([.failed], late: .milliseconds(5)).outcome == .missed)
        #expect(result([.failed], late: late).outcome == .inconclusive)
        #expect(result([.hang], late: late).outcome == .inconclusive)
        for kind in [Verdict.Kind.lie, .harmed, .touched, .crashed, .unknown] {
            #expect(result([kind, .failed], late: late).outcome == .failed, "\(kind)")
        }
        #expect(result([], late: late).outcome == .passed)
    }

    @Test func theScore() {
        let score = ScoreCard([
            result([]), result([.failed]), result([.lie]), result([.failed], late: .seconds(1)),
        ])
        #expect(score.points == 1 && score.of == 3 && score.failures == 1 && score.inconclusive == 1)
        #expect(score.lost == ["s write (gave up)", "s write (lied)"])
    }

    @Test func twoReportsAreCompared() {
        func entry(_ name: String, _ outcome: CheckResult.Outcome, _ kind: Verdict.Kind?) -> CheckComparison.Entry {
            .init(scenario: name, task: "read", seed: "1", outcome: outcome, verdict: kind)
        }
        let comparison = CheckComparison(
            [
                entry("a", .failed, .lie), entry("b", .passed, nil), entry("c", .inconclusive, .failed),
                entry("new", .failed, .hang), entry("also new", .missed, .failed), entry("d", .passed, nil),
            ],
            with: [
                entry("a", .missed, .failed), entry("b", .failed, .hang), entry("c", .passed, nil),
                entry("gone", .passed, nil), entry("d", .failed, nil),
            ])
        #expect(comparison.regressions == ["a read: gave up, now lied", "new read: new, and hung"])
        #expect(comparison.improvements == ["b read: hung, now good", "d read: failed, now good"])
        #expect(comparison.added == 2 && comparison.missing == 1)
    }
}
