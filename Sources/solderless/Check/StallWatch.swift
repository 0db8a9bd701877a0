import Foundation
import Line
import Synchronization

/// Notices when this process does not get its time: what waits to be read then is read late, and nobody else can tell.
final class StallWatch: Sendable {
    private let longest = Atomic<Int64>(0)
    /// When it will look next, in nanoseconds since it began.
    private let due = Atomic<Int64>(0)
    private let isOver = Atomic(false)
    private let clock = ContinuousClock()
    private let beginning: ContinuousClock.Instant

    private static let pause = Duration.milliseconds(5)
    /// Less costs no host anything: their time-outs begin at 50 ms (ECR6600 facts §11.1).
    private static let least = Duration.milliseconds(25)

    init() {
        beginning = clock.now
        Thread.detachNewThread { [self] in
            while !isOver.load(ordering: .relaxed) {
                due.store((elapsed + Self.pause).wholeNanoseconds, ordering: .relaxed)
                Thread.sleep(forTimeInterval: Self.pause / .seconds(1))
                look()
            }
        }
    }

    private var elapsed: Duration { beginning.duration(to: clock.now) }

    private func look() {
        let late = elapsed - .nanoseconds(due.load(ordering: .relaxed))
        if late > Self.least { _ = longest.max(late.wholeNanoseconds, ordering: .relaxed) }
    }

    /// Ends it. - Returns: the longest stall; zero where none is worth mentioning.
    func end() -> Duration {
        // After a stall its thread may be the last to get its turn.
        look()
        isOver.store(true, ordering: .relaxed)
        return .nanoseconds(longest.load(ordering: .relaxed))
    }
}
