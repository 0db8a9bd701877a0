import Line
import Story
import Trace
import Wire

/// Makes messages of a trace's bytes, in constant memory.
struct SessionReader: Sendable {
    private var decoder = SessionDecoder()
    private var times = WireTimes()
    /// Whether bytes take the time that their rate says, and are stamped when they have crossed.
    private var hasWireTimes = false
    /// The host's bytes that no message has claimed yet.
    private var unclaimed = Queue<UInt8>()
    /// Bytes of the host before the session that is being read: differences count from its beginning.
    private var sessionStart = 0
    private var hostByteCount = 0
    /// Which of the host's bytes did not come to the chip as they were sent.
    private var spoiled: [Range<Int>] = []
    /// The data of the last data frame, to compare the next with it.
    private var frameBefore: [UInt8] = []
    /// What has come of the image of a RAM download.
    private var image: [UInt8] = []

    /// Bytes of the largest frame: one that is not complete has no name (§4.3).
    private static let largestFrame = 0xFFFF + StubRequest.headByteCount + 1
    /// Spoiled stretches that are kept.
    private static let mostSpoiled = 64
    /// A longer image is none that could run: RAM ends at 0xB0000 (ECR6600 facts §4.2).
    private static let longestImage = 0xA0000

    mutating func note(_ event: TraceEvent) {
        times.note(event)
        switch event.kind {
        case .power: decoder.restart()
        case .session(let session):
            decoder.restart()
            (times, spoiled) = (WireTimes(), [])
            sessionStart = hostByteCount
            hasWireTimes = session.hasWireTimes
        case .difference(let difference): noteSpoiled(difference)
        default: break
        }
    }

    /// What has a name by now has it before what happens next.
    mutating func tellSoFar() {
        if decoder.hasUntold { decoder.tellSoFar() }
    }

    mutating func feed(_ bytes: Span<UInt8>, _ direction: Direction, at time: Int64) {
        if direction == .hostToChip {
            unclaimed.append(contentsOf: bytes)
            hostByteCount += bytes.count
        }
        decoder.feed(bytes, direction, stamp: time)
        // Of an image that nobody answers, what has come is told in parts.
        if unclaimed.count > Self.largestFrame { decoder.tellSoFar() }
    }

    /// Bytes of the trace that are held.
    var heldByteCount: Int { unclaimed.count + frameBefore.count + image.count }

    mutating func finish() { decoder.finish() }

    mutating func next() -> LintedMessage? {
        guard let event = decoder.nextEvent() else { return nil }
        let span = times.span(of: event)
        var message = LintedMessage(
            event: event, wire: hasWireTimes ? span : min(event.start, event.end)..<event.end, isSpoiled: false)
        guard event.direction == .hostToChip else { return message }
        let range = event.offset..<(event.offset + event.byteCount)
        message.isSpoiled = spoiled.contains { $0.overlaps(range) }
        switch event.kind {
        case .request(let request): message.frame = frame(request, event.byteCount)
        case .payload(let done, let total): message.image = image(event.byteCount, done: done, total: total)
        default: break
        }
        unclaimed.drop(min(event.byteCount, unclaimed.count))
        return message
    }

    private mutating func noteSpoiled(_ difference: LineDifference) {
        guard difference.direction == .hostToChip else { return }
        let (start, isTooFar) = difference.hostOffset.addingReportingOverflow(sessionStart)
        // What was added between two bytes of a message spoils it, too.
        let (end, isTooLong) = start.addingReportingOverflow(max(1, difference.hostCount))
        guard !isTooFar, !isTooLong, start >= 0, start < end else { return }
        if difference.hostCount > 0 { decoder.noteSpoiled(start..<end) }
        if spoiled.count == Self.mostSpoiled { spoiled.removeFirst(Self.mostSpoiled / 2) }
        spoiled.append(start..<end)
    }

    /// What a data frame says of itself.
    private mutating func frame(_ request: StubRequestSummary, _ byteCount: Int) -> DataFrame? {
        switch request.body {
        case .data, .lateData: break
        default:
            frameBefore.removeAll(keepingCapacity: true)
            return nil
        }
        let head = StubRequest.headByteCount + 1
        let bytes = unclaimed.waiting
        guard bytes.count >= byteCount, byteCount > head else { return nil }
        let flag = bytes[bytes.startIndex + StubRequest.headByteCount]
        let data = bytes[(bytes.startIndex + head)..<(bytes.startIndex + byteCount - 1)]
        // A tail whose length may have made the flag is new, even if it begins alike: an image may repeat itself.
        let isTail = data.count < frameBefore.count && data.count >> 8 == 1
        let repeats = flag == 1 && !data.isEmpty && !isTail && frameBefore.starts(with: data)
        frameBefore.removeAll(keepingCapacity: true)
        frameBefore.append(contentsOf: data)
        return DataFrame(flag: flag, count: data.count, repeatsFrameBefore: repeats)
    }

    /// The whole image, when its last bytes have come.
    private mutating func image(_ count: Int, done: Int, total: Int) -> [UInt8]? {
        if done <= count { image.removeAll(keepingCapacity: true) }
        guard total <= Self.longestImage, image.count == done - count else { return nil }
        image.append(contentsOf: unclaimed.waiting.prefix(count))
        return done == total && image.count == total ? image : nil
    }
}
