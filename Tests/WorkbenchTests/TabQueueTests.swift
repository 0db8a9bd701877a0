import Testing

@testable import Workbench

/// What a tab that does not read may cost.
struct TabQueueTests {
    private let frame = [UInt8](repeating: 7, count: 10_000)

    @Test func whatIsTakenIsWhatWasAdded() {
        var queue = TabQueue()
        let isTaken = [queue.add([1, 2], .rest), queue.add([3], .wave), queue.add([4], .story)]
        #expect(isTaken == [true, true, true] && queue.byteCount == 4)
        let taken = [queue.take(), queue.take()]
        #expect(taken == [[1, 2, 3, 4], nil] && queue.isEmpty && queue.byteCount == 0)
    }

    /// - Returns: how many of so many were taken.
    private func add(_ count: Int, _ importance: TabQueue.Importance, to queue: inout TabQueue) -> Int {
        var taken = 0
        for _ in 0..<count where queue.add(frame, importance) { taken += 1 }
        return taken
    }

    @Test func wavesAreLeftOutFirstThenTheStory() {
        var queue = TabQueue()
        // There is room for 104.
        let first = add(40, .rest, to: &queue) + add(40, .story, to: &queue) + add(100, .wave, to: &queue)
        #expect(first == 180 && queue.byteCount <= TabQueue.capacity && queue.skippedCount > 0)
        // The waves make room for what matters more, and then the story does.
        #expect(add(60, .rest, to: &queue) == 60)
        #expect(queue.byteCount == 100 * frame.count)
        #expect(add(4, .rest, to: &queue) == 4)
        #expect(add(1, .wave, to: &queue) + add(1, .story, to: &queue) == 2)
        #expect(add(1, .rest, to: &queue) == 0, "a tab that does not read even the rest is let go")
        #expect(queue.byteCount == 104 * frame.count)
    }

    @Test func aLongFrameIsTakenWhole() {
        var queue = TabQueue()
        let long = [UInt8](repeating: 1, count: 300_000)
        _ = queue.add(long, .rest)
        _ = queue.add([2], .rest)
        let taken = [queue.take(), queue.take(), queue.take()]
        #expect(taken == [long, [2], nil])
    }

    @Test func theBacklogIsBounded() {
        var backlog = Backlog()
        for count in 0..<500 { backlog.add("\(count)") }
        #expect(backlog.json.hasPrefix("[300,301,") && backlog.json.hasSuffix(",499]"))
    }
}
