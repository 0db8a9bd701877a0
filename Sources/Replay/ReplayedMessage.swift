package import Line
package import Wire

/// A stretch of a session that has a name, with its bytes.
package struct ReplayedMessage: Sendable {
    package var direction: Direction
    package var kind: SessionEvent.Kind
    /// Of its first byte, in everything that went this way.
    package var offset: Int
    package var bytes: [UInt8]
    /// When its first byte came, and its last.
    package var start: Instant
    package var end: Instant
    /// How many times it came, without a word of the other side between; more than once only what is said over and over.
    package var count = 1
    /// How many bytes of the other side had come by its end.
    var otherCount = 0

    /// What it is called, as `show` has it.
    package var description: String {
        let name = SessionEvent(
            direction: direction, offset: offset, byteCount: bytes.count, start: 0, end: 0, kind: kind
        ).description
        return count > 1 ? "\(count) × \(name)" : name
    }

    /// After its last byte.
    var endOffset: Int { offset + bytes.count }

    /// The one of it that holds a byte, where it came more than once.
    func unit(at byte: Int) -> ReplayedMessage {
        guard count > 1, kind != .noise else { return self }
        let size = bytes.count / count
        let place = (byte - offset) / size * size
        guard bytes.indices.contains(place) else { return self }
        var unit = self
        unit.bytes = Array(bytes[place..<min(bytes.count, place + size)])
        unit.offset = offset + place
        unit.count = 1
        return unit
    }

    /// Whether it is said over and over by a side that waits, and how often does not matter.
    var isRepeatable: Bool {
        switch kind {
        case .syncWord, .xmodemReady, .xmodemACK, .xmodemNAK, .xmodemEOT, .xmodemCancel, .noise, .filler: true
        default: false
        }
    }

    /// Whether it says something: it is neither noise nor what a loader prints.
    var hasMeaning: Bool {
        switch kind {
        case .noise, .text, .cutOff: false
        default: true
        }
    }
}

/// Names the bytes of both sides as they come, and keeps them until they have a name.
struct MessageReader: Sendable {
    private var decoder = SessionDecoder()
    private var unnamed = Pair(Queue<UInt8>())

    /// So many more bytes of the host must come before any can have a name; at least 1.
    var hostBytesWanted: Int { decoder.hostBytesWanted }

    /// What has come of a side and has no name yet: the beginning of something.
    func pending(_ direction: Direction) -> [UInt8] { Array(unnamed[direction].waiting) }
    func hasPending(_ direction: Direction) -> Bool { !unnamed[direction].isEmpty }

    /// Takes the next bytes of one side. The image of a download is named piece by piece, as the loader answers it
    /// (ECR6600 facts §1.4).
    mutating func take(
        _ bytes: Span<UInt8>, _ direction: Direction, at moment: Instant, tell: (ReplayedMessage) -> Void
    ) {
        unnamed[direction].append(contentsOf: bytes)
        guard direction == .hostToChip else { return feed(bytes, direction, at: moment, tell) }
        var index = 0
        while index < bytes.count {
            let end = min(bytes.count, index + decoder.hostBytesWanted)
            feed(bytes.extracting(index..<end), direction, at: moment, tell)
            index = end
        }
    }

    /// The chip was reset, or lost its power: nothing is known of the session any more.
    mutating func restart(tell: (ReplayedMessage) -> Void) {
        decoder.restart()
        name(tell)
    }

    /// Names what is left: nothing more comes.
    mutating func finish(tell: (ReplayedMessage) -> Void) {
        decoder.finish()
        name(tell)
    }

    private mutating func feed(
        _ bytes: Span<UInt8>, _ direction: Direction, at moment: Instant, _ tell: (ReplayedMessage) -> Void
    ) {
        decoder.feed(bytes, direction, stamp: moment.nanoseconds)
        if decoder.hasUntold { decoder.tellSoFar() }
        name(tell)
    }

    private mutating func name(_ tell: (ReplayedMessage) -> Void) {
        while let event = decoder.nextEvent() {
            var bytes: [UInt8] = []
            unnamed[event.direction].take(min(event.byteCount, unnamed[event.direction].count), into: &bytes)
            tell(
                ReplayedMessage(
                    direction: event.direction, kind: event.kind, offset: event.offset, bytes: bytes,
                    start: Instant(nanoseconds: event.start), end: Instant(nanoseconds: event.end)))
        }
    }
}
