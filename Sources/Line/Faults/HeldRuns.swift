/// What faults hold back of one direction: nothing overtakes it, and it crosses in the order in which it was sent, one
/// character behind the other.
struct HeldRuns: Sendable {
    /// Characters that are held back.
    struct Run: Sendable {
        var characters: [UInt8]
        /// What was sent in their place.
        var sent: SentRun
        /// What the faults before had made of that.
        var fate: RunFate
        /// At which rate they cross.
        var timing: RunTiming
        /// Before that none of them begins to cross.
        var due: Instant
        /// The fault that they meet next.
        var next: Int
    }

    /// In the order in which they were sent.
    private var runs: [Run] = []
    /// When the last that was let go will have crossed.
    private var busyUntil = Instant(nanoseconds: .min)

    /// When the first of them begins to cross.
    var deadline: Instant? { runs.first.map { max($0.due, busyUntil) } }

    /// The fault before which what would begin to cross at `moment` must wait, because something that was sent before it
    /// has not come so far; `end` for behind the last; nil where it need not wait.
    func stop(at moment: Instant, end: Int) -> Int? {
        runs.map(\.next).min() ?? (moment < busyUntil ? end : nil)
    }

    mutating func insert(_ run: consuming Run) {
        let place = runs.lastIndex { $0.sent.offset <= run.sent.offset }.map { $0 + 1 } ?? 0
        // A long wait is one long run, however many pieces came.
        if place > 0, place == runs.count, runs[place - 1].isFollowed(by: run) {
            runs[place - 1].append(run)
        } else {
            runs.insert(run, at: place)
        }
    }

    /// Lets go of the first, which must be there; its timing is then that of its crossing.
    mutating func removeFirst() -> Run {
        let start = max(runs[0].due, busyUntil)
        var run = runs.removeFirst()
        run.timing.start = start
        return run
    }

    /// What is held back meets no more faults. - Parameter end: behind the last of them.
    mutating func meetNoMore(_ end: Int) {
        for index in runs.indices { runs[index].next = end }
    }

    /// What was let go will have crossed then.
    mutating func crosses(until end: Instant) { busyUntil = max(busyUntil, end) }
}

extension HeldRuns.Run {
    fileprivate func isFollowed(by run: HeldRuns.Run) -> Bool {
        !fate.isTouched && !run.fate.isTouched && next == run.next && timing.rate == run.timing.rate
            && timing.spacing == run.timing.spacing && run.due <= due
            && sent.offset + sent.characters.count == run.sent.offset
    }

    fileprivate mutating func append(_ run: HeldRuns.Run) {
        let count = sent.characters.count
        characters += run.characters
        sent.characters += run.sent.characters
        sent.steps += run.sent.steps.map { step in
            var step = step
            step.range = (step.range.lowerBound + count)..<(step.range.upperBound + count)
            return step
        }
        fate.begin(with: count + run.sent.characters.count)
    }
}
