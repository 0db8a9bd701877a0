import Foundation
import Glibc
import Line
import Ports
import Synchronization
import Testing

@Suite struct ReadinessTests {
    @Test func waitsUntilTheDeadlineAndNotLess() throws {
        minimizeTimerSlack()
        let clock = MonotonicClock()
        let deadline = clock.now.advanced(by: .milliseconds(3))
        #expect(try Readiness.wait(for: [], until: deadline, clock: clock) == [])
        #expect(clock.now >= deadline)
        // In the past: a look, and no wait.
        let waker = try WakeUp()
        #expect(try Readiness.wait(for: [waker.pollDescriptor], until: .zero, clock: clock) == [[]])
    }

    @Test func clockStartsAtZeroAndKnowsItsEpoch() {
        let clock = MonotonicClock()
        let first = clock.now
        #expect(first >= .zero && first.nanoseconds < 1_000_000_000)
        #expect(clock.now >= first)
        #expect(abs(clock.epochNanoseconds / 1_000_000_000 - Int64(time(nil))) <= 2)
    }

    @Test func anotherThreadWakesTheLoop() throws {
        let waker = try WakeUp()
        #expect(!waker.clear())
        // A thread of its own: a task might wait for the very thread that waits here.
        Thread.detachNewThread { waker.wake() }
        let ready = try Readiness.wait(
            for: [waker.pollDescriptor], until: Instant(nanoseconds: 30_000_000_000), clock: MonotonicClock())
        #expect(ready == [.readable])
        waker.wake()
        #expect(waker.clear())
        #expect(!waker.clear())
    }

    @Test func signalsBecomeInput() throws {
        let pipe = try SignalPipe([SIGUSR1, SIGUSR2])
        #expect(code { _ = try SignalPipe([SIGUSR2]) } == .busy)
        #expect(pipe.signals() == [])
        kill(getpid(), SIGUSR1)
        let clock = MonotonicClock()
        let ready = try Readiness.wait(
            for: [pipe.pollDescriptor], until: Instant(nanoseconds: 2_000_000_000), clock: clock)
        #expect(ready == [.readable])
        #expect(pipe.signals() == [SIGUSR1])
    }

    @Test func brokenPipesAreErrors() throws {
        ignoreBrokenPipe()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        #expect(write(ends[1], "x", 1) == -1 && errno == EPIPE)
        close(ends[1])
    }
}
