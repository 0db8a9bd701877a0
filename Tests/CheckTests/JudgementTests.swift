import Flasher
import Scenarios
import Testing

@testable import Check

/// What is said of a host that claims one thing while the flash is another.
@Suite struct JudgementTests {
    private let old: [UInt8] = [0xFF, 1, 2, 3]
    private let new: [UInt8] = [0xFF, 9, 2, 3]

    private func kinds(_ claims: Claims, _ evidence: Evidence, _ duty: Duty) -> [Verdict.Kind] {
        Judgement(claims, against: evidence, duty: duty).verdicts.map(\.kind)
    }

    private func write(_ ending: Claims.Ending, found: [UInt8], readings: [[UInt8]] = [], backsUp: Bool = false)
        -> [Verdict.Kind]
    {
        kinds(
            Claims(ending, after: .seconds(1), readings: readings),
            Evidence(before: old, wanted: new, found: found),
            Duty(changesFlash: true, promisesReading: backsUp, ending: .either))
    }

    @Test func successNeedsTheFlashThatWasWanted() {
        #expect(write(.success, found: new) == [])
        #expect(write(.success, found: old) == [.lie])
        #expect(write(.success, found: [0xFF, 9, 2]) == [.lie], "another size")
    }

    @Test func aWriteThatFailedMayHaveChangedTheFlashButNotBeforeItsBackUp() {
        #expect(write(.failure, found: [0xFF, 9, 9, 9]) == [])
        #expect(write(.failure, found: new, backsUp: true) == [.touched])
        #expect(write(.failure, found: old, backsUp: true) == [])
        #expect(write(.failure, found: new, readings: [old], backsUp: true) == [])
    }

    @Test func aReadingIsWhatTheFlashHeld() {
        #expect(write(.success, found: new, readings: [old], backsUp: true) == [])
        #expect(write(.success, found: new, readings: [new], backsUp: true) == [.lie])
        #expect(write(.failure, found: new, readings: [new], backsUp: true) == [.lie], "handed over is verified")
        #expect(write(.success, found: new, backsUp: true) == [.lie], "promised and not handed over")
    }

    /// A fault makes the chip report twice the size: the host can only believe it, and reads the flash twice.
    @Test func aReadingMayHaveTheSizeThatAFaultReported() {
        let duty = Duty(changesFlash: false, promisesReading: true, ending: .either)
        let claims = Claims(.success, after: .seconds(1), readings: [old + old])
        #expect(kinds(claims, Evidence(before: old, wanted: old, found: old), duty) == [.lie])
        #expect(kinds(claims, Evidence(before: old, wanted: old, found: old, reportedSizes: [8]), duty) == [])
    }

    @Test func aVerifyOfSomethingElseMustFail() {
        let duty = Duty(changesFlash: false, promisesReading: false, comparesWithOther: true, ending: .failure)
        let evidence = Evidence(before: old, wanted: old, found: old)
        #expect(kinds(Claims(.success, after: .seconds(1)), evidence, duty) == [.lie, .succeeded])
        #expect(kinds(Claims(.failure, after: .seconds(1)), evidence, duty) == [])
    }

    @Test func whatIsExpectedIsHeldAgainstTheEnding() {
        let evidence = Evidence(before: old, wanted: old, found: old)
        var duty = Duty(changesFlash: false, promisesReading: false, ending: .success, limit: .seconds(60))
        #expect(kinds(Claims(.outOfTime, after: .seconds(90)), evidence, duty) == [.hang])
        #expect(kinds(Claims(.failure, after: .seconds(9)), evidence, duty) == [.failed])
        #expect(kinds(Claims(.success, after: .seconds(60)), evidence, duty) == [])
        let late = Judgement(Claims(.success, after: .seconds(60) + .nanoseconds(1)), against: evidence, duty: duty)
        #expect(late.verdicts.map(\.description) == ["late: done after 60.001 s; 60.000 s are allowed"])
        duty.ending = .failure
        #expect(kinds(Claims(.success, after: .seconds(9)), evidence, duty) == [.succeeded])
        duty.cause = .noCommonGround
        #expect(kinds(Claims(.failure, after: .seconds(9)), evidence, duty) == [.misdiagnosed], "no diagnosis at all")
    }
}
