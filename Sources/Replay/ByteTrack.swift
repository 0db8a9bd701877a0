/// How far a host has sent the recorded bytes, one by one, since a message that it was known by: what the chip said in the
/// middle of a message, or to bytes that had no name yet, is said at the same byte.
struct ByteTrack: Sendable {
    private let bytes: [UInt8]
    private let early: [(place: Int, reply: Speech.Reply)]
    /// Bytes of the recorded host that have come; nil where others have.
    private var place: Int? = 0
    /// The next of the early replies.
    private var next = 0

    init(_ sheet: CueSheet) {
        bytes = sheet.hostBytes
        early = sheet.early
    }

    /// Takes what the host sends. - Returns: what is said after it.
    mutating func take(_ more: ArraySlice<UInt8>) -> [Speech.Reply] {
        guard let before = place else { return [] }
        guard bytes[min(before, bytes.count)...].starts(with: more) else { return lose() }
        place = before + more.count
        return replies(upTo: before + more.count)
    }

    /// The host has sent other bytes. - Returns: nothing.
    mutating func lose() -> [Speech.Reply] {
        place = nil
        return []
    }

    /// The host has come to the end of a recorded message. - Returns: what is said in the middle of it and has not been.
    mutating func reach(from start: Int, to end: Int) -> [Speech.Reply] {
        place = end
        while next < early.count, early[next].place <= start { next += 1 }
        return replies(upTo: end - 1)
    }

    /// The host has said one of the words of a poll, which it may say as often as it likes.
    mutating func poll(from start: Int, to end: Int) {
        if let place, (start...max(start, end)).contains(place) { return }
        place = end
    }

    private mutating func replies(upTo place: Int) -> [Speech.Reply] {
        var found: [Speech.Reply] = []
        while next < early.count, early[next].place <= place {
            found.append(early[next].reply)
            next += 1
        }
        return found
    }
}
