import Foundation
import Synchronization

/// Runs on several cores. What comes of them does not depend on how many.
enum ParallelRuns {
    /// Calls `body` for 0, 1, 2 … until it has been called `count` times, or somebody stops the simulation.
    /// - Parameter jobs: calls at once; nil for what the machine has.
    /// - Returns: what it returned, in the order of the numbers.
    static func results<Value: Sendable>(
        of count: Int, jobs: Int?, _ body: @escaping @Sendable (Int) throws -> Value
    ) async throws -> [Value] {
        let queue = RunNumbers(count: count)
        let shares = try await withThrowingTaskGroup(of: [(Int, Value)].self) { group in
            for _ in 0..<min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, count) {
                group.addTask {
                    var share: [(Int, Value)] = []
                    while let number = queue.next() {
                        try Task.checkCancellation()
                        share.append((number, try body(number)))
                    }
                    return share
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return shares.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Hands out the runs that are left, one at a time.
private final class RunNumbers: Sendable {
    private let count: Int
    private let taken = Mutex(0)

    init(count: Int) {
        self.count = count
    }

    /// A number that nobody else has; nil when there is none left, or nobody wants more.
    func next() -> Int? {
        guard SimulationStop.signal == nil else { return nil }
        return taken.withLock { taken in
            guard taken < count else { return nil }
            defer { taken += 1 }
            return taken
        }
    }
}
