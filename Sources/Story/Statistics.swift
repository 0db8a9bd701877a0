import Line
package import Wire

/// Numbers of a session, gathered as it goes by; its size does not depend on the session's.
package struct Statistics: Sendable {
    /// Bytes from host to chip.
    package private(set) var hostByteCount = 0
    /// Bytes from chip to host.
    package private(set) var chipByteCount = 0
    /// Events by the name of their kind.
    package private(set) var eventCounts: [String: Int] = [:]
    /// Blocks, data frames and EOTs sent again.
    package private(set) var retries = 0
    /// Bytes without a meaning.
    package private(set) var noiseByteCount = 0
    /// The longest time without a byte: nanoseconds, and the stamp at which it began.
    package private(set) var longestSilence: (duration: Int64, start: Int64) = (0, 0)
    /// From the end of a request, word or header to the start of the chip's next event, in nanoseconds.
    package private(set) var latencies = LatencyHistogram()
    /// Nanoseconds; nil before the first event.
    package private(set) var firstStamp: Int64?
    /// Nanoseconds; the latest end of an event.
    package private(set) var lastStamp: Int64 = 0

    private var askedAt: Int64?
    private var awaitsEOTAnswer = false

    package init() {}

    /// Takes the next event.
    package mutating func add(_ event: SessionEvent) {
        if event.direction == .hostToChip { hostByteCount += event.byteCount } else { chipByteCount += event.byteCount }
        eventCounts[event.kind.name, default: 0] += 1
        if firstStamp == nil { (firstStamp, lastStamp) = (event.start, event.start) }
        if event.start - lastStamp > longestSilence.duration {
            longestSilence = (event.start - lastStamp, lastStamp)
        }
        lastStamp = max(lastStamp, event.end)
        noteLatency(event)
        switch event.kind {
        case .noise: noiseByteCount += event.byteCount
        case .xmodemBlock(let block):
            retries += block.isRepeated ? 1 : 0
            awaitsEOTAnswer = false
        case .xmodemEOT:
            retries += awaitsEOTAnswer ? 1 : 0
            awaitsEOTAnswer = true
        case .xmodemACK, .xmodemNAK: awaitsEOTAnswer = false
        case .request(let request):
            switch request.body {
            case .data(_, again: true), .lateData(_, again: true, _, _): retries += 1
            default: break
            }
        default: break
        }
    }

    private mutating func noteLatency(_ event: SessionEvent) {
        switch (event.direction, event.kind) {
        case (.hostToChip, .syncWord), (.hostToChip, .downloadHeader), (.hostToChip, .request),
            (.hostToChip, .xmodemBlock), (.hostToChip, .xmodemEOT):
            askedAt = event.end
        case (.hostToChip, _), (_, .noise), (_, .text): break
        default:
            if let asked = askedAt { latencies.add(max(0, event.start - asked)) }
            askedAt = nil
        }
    }
}

/// Durations counted in buckets that grow by a sixteenth to a thirty-second: any number of them in a fixed space.
package struct LatencyHistogram: Sendable {
    /// Durations counted.
    package private(set) var count = 0
    /// Nanoseconds; `Int64.max` when nothing was counted.
    package private(set) var minimum: Int64 = .max
    /// Nanoseconds.
    package private(set) var maximum: Int64 = 0
    private var buckets = [Int](repeating: 0, count: 64 * 16)

    package init() {}

    /// Counts one duration, in nanoseconds and not negative.
    package mutating func add(_ nanoseconds: Int64) {
        count += 1
        minimum = min(minimum, nanoseconds)
        maximum = max(maximum, nanoseconds)
        buckets[Self.bucket(of: nanoseconds)] += 1
    }

    /// The median, at most 6 % too low; nil when nothing was counted.
    package var median: Int64? {
        guard count > 0 else { return nil }
        var rest = (count + 1) / 2
        for (index, number) in buckets.enumerated() {
            rest -= number
            if rest <= 0 { return min(maximum, max(minimum, Self.lowerBound(of: index))) }
        }
        return maximum
    }

    private static func bucket(of value: Int64) -> Int {
        guard value >= 16 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 3) * 16 + Int(value >> (exponent - 4)) - 16
    }

    private static func lowerBound(of bucket: Int) -> Int64 {
        guard bucket >= 16 else { return Int64(bucket) }
        return (Int64(bucket % 16) + 16) << (bucket / 16 - 1)
    }
}
