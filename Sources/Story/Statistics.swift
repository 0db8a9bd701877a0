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
    /// What was sent again, by why.
    package private(set) var retriesByCause: [RetryCause: Int] = [:]
    /// All that was sent again: blocks, data frames, EOTs, and commands without an answer.
    package var retries: Int { retriesByCause.values.reduce(0, +) }
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
    /// Whether the receiver refused what was sent last.
    private var wasRefused = false
    /// The command that has no answer yet.
    private var unanswered: StubRequestSummary?

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
        noteRetry(event)
    }

    private mutating func noteRetry(_ event: SessionEvent) {
        switch event.kind {
        case .noise: noiseByteCount += event.byteCount
        case .xmodemBlock(let block):
            if block.isRepeated { retry(wasRefused ? .refused : .silence) }
            (awaitsEOTAnswer, wasRefused) = (false, false)
        case .xmodemEOT:
            if awaitsEOTAnswer { retry(.silence) }
            awaitsEOTAnswer = true
        case .xmodemACK: (awaitsEOTAnswer, wasRefused) = (false, false)
        case .xmodemNAK: (awaitsEOTAnswer, wasRefused) = (false, true)
        case .answer(let answer):
            unanswered = nil
            wasRefused = answer.status == .checksum || answer.command == .unknown
        case .uploadFrame, .syncWord: unanswered = nil
        case .request(let request):
            switch request.body {
            case .data(_, let again), .lateData(_, let again, _, _):
                if again { retry(wasRefused ? .refused : .silence) }
                unanswered = nil
            default:
                if request == unanswered { retry(.silence) }
                unanswered = request
            }
        default: break
        }
    }

    private mutating func retry(_ cause: RetryCause) {
        retriesByCause[cause, default: 0] += 1
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

/// Why something was sent again, as far as the host's end of the line shows it.
package enum RetryCause: String, Hashable, Sendable, CaseIterable {
    /// The receiver refused it: a NAK, a wrong sum.
    case refused
    /// Nothing came back: it, or its answer, was lost.
    case silence

    /// As statistics have it.
    var words: String {
        switch self {
        case .refused: "refused (a NAK, a wrong sum)"
        case .silence: "no answer came"
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

    /// How many there are between 1, 2 and 5 times powers of ten: from the first such interval that has any to the last.
    package var intervals: [(from: Int64, to: Int64, count: Int)] {
        var intervals: [(from: Int64, to: Int64, count: Int)] = []
        for (index, number) in buckets.enumerated() where number > 0 {
            let start = Self.roundStart(Self.lowerBound(of: index))
            if intervals.last?.from == start {
                intervals[intervals.count - 1].count += number
            } else {
                while let last = intervals.last, last.to < start {
                    intervals.append((last.to, Self.next(last.to), 0))
                }
                intervals.append((start, Self.next(start), number))
            }
        }
        return intervals
    }

    /// The last of 0, 1, 2, 5, 10, 20 … that is not above `value`.
    private static func roundStart(_ value: Int64) -> Int64 {
        var start: Int64 = 0
        while next(start) <= value, next(start) > start { start = next(start) }
        return start
    }

    /// 1 behind 0, 2 behind 1, 5 behind 2, 10 behind 5.
    private static func next(_ start: Int64) -> Int64 {
        var unit: Int64 = 1
        while unit <= start / 10 { unit *= 10 }
        switch start / unit {
        case 0: return 1
        case 1: return 2 * unit
        case 2: return 5 * unit
        default: return unit.multipliedReportingOverflow(by: 10).overflow ? .max : 10 * unit
        }
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
