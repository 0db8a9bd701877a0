import Foundation

/// What `work` makes of each item, in the items' order, on all processors.
func concurrently<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: items.count)
        var next = items.startIndex
        func add() {
            guard next < items.endIndex else { return }
            let index = next
            let item = items[index]
            group.addTask { (index, try work(item)) }
            next += 1
        }
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { add() }
        while let (index, result) = try await group.next() {
            results[index] = result
            add()
        }
        return results.compactMap { $0 }
    }
}
