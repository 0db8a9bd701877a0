/// One direction of a session while it is decoded: what has not been named yet, and when it came.
struct SessionStream: Sendable {
    /// Bytes that have been named, counted from the session's beginning.
    var offset = 0
    /// The beginning of something whose end has not come; at most one frame of 64 KB.
    var pending: [UInt8] = []
    /// How many bytes there must be before what is pending need be looked at again; 0 while its head may still be
    /// refused, and after anything that may have changed what it means.
    var neededCount = 0
    /// Stamps of what is pending: from this offset on, bytes came with this stamp.
    var stamps: [(offset: Int, stamp: Int64)] = []
    /// Stamp of the run that is being fed.
    var now: Int64 = 0
    /// How much was pending when the other side asked for something again; nil when it did not.
    var interruption: Int?

    /// Bytes that are not part of a message, not yet reported: text or noise.
    var looseCount = 0
    /// How many printable bytes the loose ones end with.
    var looseTextTail = 0
    /// The tail's bytes.
    var looseText: [UInt8] = []
    var looseStart: Int64 = 0
    var looseEnd: Int64 = 0
    /// Stamps of the tail's first byte and of the byte before it.
    var looseTextStart: Int64 = 0
    var looseNoiseEnd: Int64 = 0

    /// How many bytes what is pending waits for.
    var missingCount: Int { neededCount - pending.count }

    /// What is pending is not decided before there are `count` bytes of it.
    mutating func noteMore(_ count: Int) {
        neededCount = pending.count >= Beginning.headByteCount ? count : 0
    }

    /// Whether all loose bytes are printable.
    var isText: Bool { looseTextTail == looseCount && looseCount > 0 }

    /// Whether none of the loose bytes may become text.
    var isNoise: Bool { looseCount > 0 && looseTextTail == 0 }
    /// Whether some bytes belong to no event yet.
    var hasUntold: Bool { !pending.isEmpty || looseCount > 0 || payloadCount > 0 }

    /// Payload bytes not yet reported, for the same reason.
    var payloadCount = 0
    var payloadStart: Int64 = 0
    var payloadEnd: Int64 = 0

    /// Stamp of the byte at `position`, which is pending or of the run that is being fed.
    func stamp(at position: Int) -> Int64 {
        guard let first = stamps.first, first.offset <= position else { return now }
        var low = 0
        var high = stamps.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if stamps[middle].offset <= position { low = middle } else { high = middle }
        }
        return stamps[low].stamp
    }

    /// Keeps bytes of the current run until more have come.
    mutating func keep(_ bytes: Span<UInt8>) {
        let start = offset + pending.count
        if stamps.last?.stamp != now { stamps.append((start, now)) }
        bytes.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
    }

    /// Keeps the bytes of a whole run if even then more are missing. - Returns: whether it did.
    mutating func goesOn(with bytes: Span<UInt8>, _ stamp: Int64) -> Bool {
        guard !pending.isEmpty, missingCount > bytes.count else { return false }
        now = stamp
        keep(bytes)
        return true
    }

    /// A block that lost bytes on the way swallows the head of its repetition. Where the receiver asked again while it
    /// was incomplete, and a block begins just there, it ends there. - Returns: where; nil for a block that is merely
    /// damaged.
    func cut(_ block: Span<UInt8>, of count: Int) -> Int? {
        guard let cut = interruption, cut >= 3, cut + 2 < count, block[cut] == block[0],
            block[cut + 1] == ~block[cut + 2]
        else { return nil }
        return cut
    }

    /// Counts the next byte as loose.
    mutating func addLoose(_ byte: UInt8, isText: Bool) {
        let stamp = stamp(at: offset)
        if looseCount == 0 { looseStart = stamp }
        if isText {
            if looseTextTail == 0 {
                looseTextStart = stamp
                looseNoiseEnd = looseEnd
                looseText.removeAll(keepingCapacity: true)
            }
            looseText.append(byte)
            looseTextTail += 1
        } else {
            looseTextTail = 0
        }
        looseEnd = stamp
        looseCount += 1
        offset += 1
        interruption = nil
    }

    /// Counts bytes of the current run as noise; none of them is pending.
    mutating func addNoise(_ count: Int) {
        if looseCount == 0 { looseStart = now }
        looseTextTail = 0
        looseEnd = now
        looseCount += count
        offset += count
        interruption = nil
    }

    /// Forgets the loose bytes: they have been reported.
    mutating func clearLoose() {
        looseCount = 0
        looseTextTail = 0
        looseText.removeAll(keepingCapacity: true)
    }

    /// Forgets the first `count` pending bytes, which now have a name.
    mutating func dropPending(_ count: Int) {
        neededCount = 0
        pending.removeFirst(count)
        if pending.isEmpty {
            stamps.removeAll(keepingCapacity: true)
        } else if let kept = stamps.lastIndex(where: { $0.offset <= offset }) {
            stamps.removeFirst(kept)
        }
    }
}
