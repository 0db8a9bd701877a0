import Line
import Testing

@Suite struct QueueTests {
    /// Against an array that moves its elements: the same at every step, whatever is put in and taken out.
    @Test(arguments: UInt64(1)...20) func isAQueue(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var queue = Queue<UInt8>()
        var model: [UInt8] = []
        for step in 0..<2000 {
            let count = Int(generator.next(below: UInt64(model.count + 1)))
            switch generator.next(below: 7) {
            case 0:
                queue.append(UInt8(truncatingIfNeeded: step))
                model.append(UInt8(truncatingIfNeeded: step))
            case 1:
                let run = generator.bytes(Int(generator.next(below: 40)))
                queue.append(contentsOf: run.span)
                model += run
            case 2:
                #expect(
                    queue.append {
                        $0 += [1, 2, 3]; return 7
                    } == 7)
                model += [1, 2, 3]
            case 3:
                queue.drop(count)
                model.removeFirst(count)
            case 4:
                var taken: [UInt8] = []
                queue.take(count, into: &taken)
                #expect(taken == Array(model.prefix(count)))
                model.removeFirst(count)
            case 5 where !model.isEmpty:
                #expect(queue.removeFirst() == model.removeFirst())
            case 6 where count < model.count:
                queue[count] &+= 1
                model[count] &+= 1
            default: break
            }
            #expect(queue.isEmpty == model.isEmpty && queue.count == model.count)
            #expect(queue.first == model.first && queue.last == model.last && queue.waiting == model[...])
        }
        queue.removeAll()
        #expect(queue.isEmpty && queue.waiting.isEmpty)
    }

    /// A view stays what it was when its elements are dropped and others come.
    @Test func aViewIsAValue() {
        var queue = Queue<Int>()
        queue.append(contentsOf: [1, 2, 3].span)
        let view = queue.waiting
        queue.drop(3)
        queue.append(4)
        #expect(Array(view) == [1, 2, 3] && Array(queue.waiting) == [4])
    }

    /// A queue that never runs empty does not grow without end.
    @Test func roomIsUsedAgain() {
        var queue = Queue<UInt8>()
        queue.append(0)
        for byte in 0..<100_000 {
            queue.append(UInt8(truncatingIfNeeded: byte))
            queue.drop(1)
        }
        #expect(queue.waiting.startIndex < 8)
    }
}
