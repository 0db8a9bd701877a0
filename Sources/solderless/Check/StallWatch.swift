import Foundation
import Line
import Synchronization

/// Notices when this process does not get its time: what waits to be read then is read late, and nobody else can tell.
final class StallWatch: Sendable {
    private let longest = Atomic<Int64>(0)
    private let isOver = Atomic(false)

    private static let pause = Duration.milliseconds(5)
    /// Less costs no host anything: their time-outs begin at 50 ms (ECR6600 facts §11.1).
    private static let least = Duration.milliseconds(25)

    init() {
        Thread.detachNewThread { [self] in
            let clock = ContinuousClock()
            while !isOver.load(ordering: .relaxed) {
                let due = clock.now + Self.pause
                Thread.sleep(forTimeInterval: Self.pause / .seconds(1))
                let late = clock.now - due
                if late > Self.least { _ = longest.max(late.wholeNanoseconds, ordering: .relaxed) }
            }
        }
    }

    /// Ends it. - Returns: the longest stall; zero where none is worth mentioning.
    func end() -> Duration {
        isOver.store(true, ordering: .relaxed)
        return .nanoseconds(longest.load(ordering: .relaxed))
    }
}
