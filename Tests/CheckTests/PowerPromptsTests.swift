import Testing

@testable import Check

/// A program that prints "switch it on" again and again asks once, until two seconds have passed (docs/check.md).
@Suite struct PowerPromptsTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func onesThatFollowAtOnceRepeatTheFirst() {
        var prompts = PowerPrompts(waits: true)
        #expect(prompts.next(at: at(0)) == 1)
        // Not before the power is switched.
        #expect(prompts.next(at: at(5000)) == nil)
        prompts.acted()
        #expect(prompts.next(at: at(100)) == nil)
        #expect(prompts.next(at: at(1999)) == nil)
        #expect(prompts.count == 1)
        #expect(prompts.next(at: at(2000)) == 2)
        prompts.acted()
        #expect(prompts.next(at: at(3999)) == nil)
        #expect(prompts.next(at: at(4000)) == 3)
        #expect(prompts.count == 3)
    }

    /// What counts is when it last asked and was heard, not when it last printed.
    @Test func oneThatNeverStopsIsHeardEveryTwoSeconds() {
        var prompts = PowerPrompts(waits: true)
        var heard: [Int] = []
        for moment in stride(from: 0, through: 7000, by: 50) where prompts.next(at: at(moment)) != nil {
            heard.append(moment)
            prompts.acted()
        }
        #expect(heard == [0, 2000, 4000, 6000])
    }

    /// A chip that has its power needs nothing the first time; it counts as asked all the same.
    @Test func aChipThatHasItsPower() {
        var prompts = PowerPrompts(waits: false)
        #expect(prompts.next(at: at(0)) == nil && prompts.count == 1)
        #expect(prompts.next(at: at(1000)) == nil && prompts.count == 1)
        #expect(prompts.next(at: at(2500)) == 2)
    }
}
