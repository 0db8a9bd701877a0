package import Line

/// Names every byte of a session: takes both directions in any chunking and gives one event for each stretch.
///
/// It is the strict reader of `SessionState`: nothing has a name before its end has come. What is decided depends on
/// the order of the bytes alone, never on how they were cut into runs. Each head of a stream is named as early as it
/// can be; what needs more bytes waits in a buffer of at most one frame.
///
/// It follows the sender: a frame is what its sender meant by it, even when the receiver took it for something else.
/// Where that is one of the known mistakes the event says so (`Pitfall`).
package struct SessionDecoder: Sendable {
    /// By direction. An inline array: a `Pair` copies what it is asked for by direction, and these are large.
    private var streams = InlineArray<2, SessionStream>(repeating: SessionStream())
    private var state = SessionState()
    private var pitfalls = PitfallFinder()
    /// Which of the host's bytes did not come to the chip as they were sent, as reported.
    private var spoiled = Stretches()
    /// Which of the bytes that the host received are not what the chip sent, as reported.
    private var unsent = Stretches()

    /// Events not yet fetched.
    private var events: [SessionEvent] = []
    private var nextIndex = 0

    /// The most loose bytes in one event.
    static let noiseLimit = 1024
    static let textLimit = 256

    /// A decoder that knows nothing of the session yet.
    package init() {}

    /// Takes the next bytes of one direction. - Parameter stamp: any number, usually nanoseconds; it comes back in the
    /// events whose first or last byte is in this run.
    package mutating func feed(_ bytes: Span<UInt8>, _ direction: Direction, stamp: Int64) {
        guard !bytes.isEmpty else { return }
        tellLoose(direction.opposite)
        if isInTheMidst(bytes, direction, stamp) { return }
        self[direction].now = stamp
        var index = completePending(with: bytes, direction)
        // With nothing pending, whole frames and blocks are named where they lie.
        while index < bytes.count {
            if !state.canBegin(bytes[index], direction) {
                index = takeLoose(bytes, from: index, direction)
                continue
            }
            let rest = bytes.extracting(index..<bytes.count)
            let beginning = classify(rest, direction)
            if case .more(let count, _, _) = beginning {
                self[direction].keep(rest)
                self[direction].noteMore(count)
                if direction == .hostToChip { noteWordInFrame() }
                return
            }
            index += take(beginning, direction)
        }
    }

    /// These of the host's bytes, counted from the first that was fed, did not come to the chip as they were sent. Said
    /// before they are fed; bytes alone do not tell it.
    package mutating func noteSpoiled(_ range: Range<Int>) { spoiled.add(range, named: host.offset) }

    /// These of the bytes that the host received, counted from the first that was fed, are not what the chip sent: they
    /// were changed on their way, or made there. Said before they are fed.
    package mutating func noteUnsent(_ range: Range<Int>) { unsent.add(range, named: chip.offset) }

    /// Tells what is still pending: the session has ended. More may be fed afterwards.
    package mutating func finish() {
        // What the other side said since may have settled what is pending, and that again the other side's.
        var settled = -1
        while settled != host.offset + chip.offset {
            settled = host.offset + chip.offset
            for direction in Direction.allCases { _ = completePending(with: [UInt8]().span, direction) }
        }
        for direction in Direction.allCases { tellLoose(direction) }
        tellPayload()
        for direction in Direction.allCases { cutOff(direction) }
    }

    /// The chip was reset or lost its power: what was pending is reported, what was known of the session is forgotten.
    package mutating func restart() {
        finish()
        state = SessionState()
        pitfalls = PitfallFinder()
    }

    /// Whether bytes have come that belong to no event yet: their event may be stamped before what comes now.
    /// Asked in place, hence mutating: what is asked of a value as large as this one is copied first.
    package var hasUntold: Bool {
        mutating get { host.hasUntold || chip.hasUntold }
    }

    /// So many more bytes of the host must come before any of them can have a name that they have not now; at least 1. In
    /// the image of a download that is the rest of a piece.
    package var hostBytesWanted: Int {
        if !host.pending.isEmpty { return max(1, host.missingCount) }
        guard state.boot.payloadMissing > 0 else { return 1 }
        let size = BootProtocol.pieceByteCount
        return min(state.boot.payloadMissing, size - state.boot.payloadPlace % size)
    }

    /// Tells what is known to be noise, text or payload, though more of the same may follow.
    package mutating func tellSoFar() {
        for direction in Direction.allCases { tellLoose(direction) }
        tellPayload()
    }

    /// Tells noise that has not gone on since a moment: what follows is another.
    package mutating func tellNoise(before stamp: Int64) {
        if host.isNoise, host.looseEnd < stamp { tellLoose(.hostToChip) }
        if chip.isNoise, chip.looseEnd < stamp { tellLoose(.chipToHost) }
    }

    /// Whether there is an event to fetch; where there is none, this is asked sooner than `nextEvent`.
    /// Asked in place as well.
    package var hasEvents: Bool {
        mutating get { nextIndex < events.count }
    }

    /// The next event, in the order in which they became known; nil when more bytes are needed.
    package mutating func nextEvent() -> SessionEvent? {
        guard hasEvents else { return nil }
        defer {
            nextIndex += 1
            if !hasEvents {
                events.removeAll(keepingCapacity: true)
                nextIndex = 0
            }
        }
        return events[nextIndex]
    }

    subscript(direction: Direction) -> SessionStream {
        @inline(__always) _read { yield streams[Int(direction.rawValue)] }
        @inline(__always) _modify { yield &streams[Int(direction.rawValue)] }
    }

    /// What the host has sent and is not named yet.
    var host: SessionStream {
        @inline(__always) _read { yield streams[0] }
        @inline(__always) _modify { yield &streams[0] }
    }

    /// The same of the chip.
    var chip: SessionStream {
        @inline(__always) _read { yield streams[1] }
        @inline(__always) _modify { yield &streams[1] }
    }
}

// MARK: - From bytes to beginnings

extension SessionDecoder {
    /// Feeds what is pending with as much as it asks for until nothing is pending.
    /// - Returns: how many of `bytes` it took.
    private mutating func completePending(with bytes: Span<UInt8>, _ direction: Direction) -> Int {
        var index = 0
        while !self[direction].pending.isEmpty {
            var missing = self[direction].missingCount
            if missing <= 0 {
                let beginning = classifyPending(direction)
                guard case .more(let count, _, _) = beginning else {
                    let count = take(beginning, direction)
                    self[direction].dropPending(count)
                    continue
                }
                missing = max(1, count - self[direction].pending.count)
                self[direction].noteMore(count)
            }
            guard index < bytes.count else { return index }
            let end = min(bytes.count, index + missing)
            self[direction].keep(bytes.extracting(index..<end))
            index = end
            if direction == .hostToChip { noteWordInFrame() }
        }
        return index
    }

    /// Keeps a run in the midst of a message. - Returns: whether it was one.
    private mutating func isInTheMidst(_ bytes: Span<UInt8>, _ direction: Direction, _ stamp: Int64) -> Bool {
        // By name, as it is asked for every run: what is asked for by direction is copied.
        switch direction {
        case .chipToHost: chip.goesOn(with: bytes, stamp)
        // What is pending of the host may turn out to be a frame with a sync word in its head.
        case .hostToChip: host.pending.count > PitfallFinder.synFrameHead.count && host.goesOn(with: bytes, stamp)
        }
    }

    private func classifyPending(_ direction: Direction) -> Beginning {
        direction == .hostToChip ? classify(host.pending.span, direction) : classify(chip.pending.span, direction)
    }

    /// Says what the head of `bytes` is, which are not empty.
    private func classify(_ bytes: Span<UInt8>, _ direction: Direction) -> Beginning {
        let beginning = state.beginning(of: bytes, direction)
        if case .whole(let count, .xmodemBlock(let block)) = beginning, !block.isIntact,
            let cut = self[direction].cut(bytes, of: count)
        {
            return .whole(cut, .cutOff(expected: count))
        }
        return beginning
    }

    /// Takes what was decided. - Returns: how many bytes it covers.
    @inline(__always)
    private mutating func take(_ beginning: Beginning, _ direction: Direction) -> Int {
        switch beginning {
        case .more: preconditionFailure("what is undecided covers nothing")
        case .whole(let count, let kind):
            tellLoose(direction)
            if endsPayloadPiece(kind) { tellPayload() }
            let isSpoiled = direction == .hostToChip && spoiled.overlap(host.offset, count)
            var pitfall = pitfalls.look(
                at: kind, hostOffset: host.offset, pending: host.pending, isSpoiled: isSpoiled, state)
            // What has a sum shows it by that.
            if direction == .chipToHost, !kind.hasSum, unsent.overlap(chip.offset, count) { pitfall = .notSent }
            emit(kind, count, direction, pitfall)
            state.note(kind)
            if isSpoiled { state.transfer?.noteSpoiled() }
            lookAgain()
            noteInterruption(kind, direction)
            return count
        case .payload(let count):
            tellLoose(direction)
            takePayload(count)
            lookAgain()
            return count
        case .loose(let byte):
            takeLoose(byte, direction)
            return 1
        }
    }

    /// A receiver that asks again may do so in the middle of what it has received in part.
    private mutating func noteInterruption(_ kind: SessionEvent.Kind, _ direction: Direction) {
        guard kind == .xmodemNAK || kind == .xmodemReady else { return }
        let pending = self[direction.opposite].pending.count
        if pending > 0 { self[direction.opposite].interruption = pending }
    }

    /// A mask ROM answers a SYN frame as soon as it has seen the sync word in it, which is before the frame's end
    /// (§13.10).
    private mutating func noteWordInFrame() {
        guard host.pending.count == PitfallFinder.synFrameHead.count, host.pending == PitfallFinder.synFrameHead
        else { return }
        state.boot.noteWordInFrame()
        pitfalls.noteWordInFrame(at: host.offset)
        lookAgain()
    }

    /// What is known of the session has changed, and with it perhaps what is pending.
    private mutating func lookAgain() {
        host.neededCount = 0
        chip.neededCount = 0
    }
}

// MARK: - From beginnings to events

extension SessionDecoder {
    /// Names the next `count` bytes of a direction.
    private mutating func emit(
        _ kind: SessionEvent.Kind, _ count: Int, _ direction: Direction, _ pitfall: Pitfall? = nil
    ) {
        let offset = self[direction].offset
        events.append(
            SessionEvent(
                direction: direction, offset: offset, byteCount: count, start: self[direction].stamp(at: offset),
                end: self[direction].stamp(at: offset + count - 1), kind: kind, pitfall: pitfall))
        self[direction].offset = offset + count
        self[direction].interruption = nil
    }

    /// Takes noise of the host, which is never text, at a stretch, and anything else a byte at a time.
    /// - Returns: the index of the first byte not taken.
    private mutating func takeLoose(_ bytes: Span<UInt8>, from start: Int, _ direction: Direction) -> Int {
        guard direction == .hostToChip else {
            takeLoose(bytes[start], direction)
            return start + 1
        }
        var end = start + 1
        let limit = min(bytes.count, start + Self.noiseLimit - host.looseCount)
        while end < limit, !state.canBegin(bytes[end], direction) { end += 1 }
        host.addNoise(end - start)
        if host.looseCount == Self.noiseLimit { tellLoose(direction) }
        return end
    }

    /// Adds a byte to the loose ones, and reports them when they change from noise to text or back, or grow long.
    private mutating func takeLoose(_ byte: UInt8, _ direction: Direction) {
        let isText = direction == .chipToHost && SessionEvent.Kind.isText(byte)
        if !isText, self[direction].isText { tellLoose(direction) }
        self[direction].addLoose(byte, isText: isText)
        if self[direction].looseTextTail == SessionEvent.Kind.textMinimum, !self[direction].isText {
            tellNoiseBeforeText(direction)
        }
        let endsLine =
            byte == 0x0A && self[direction].isText && self[direction].looseCount >= SessionEvent.Kind.textMinimum
        let limit = self[direction].isText ? Self.textLimit : Self.noiseLimit
        if endsLine || self[direction].looseCount == limit { tellLoose(direction) }
    }

    /// Tells all loose bytes as one event.
    private mutating func tellLoose(_ direction: Direction) {
        // Asked for every run; a copy of the stream is made only where there is something to tell.
        guard (direction == .hostToChip ? host.looseCount : chip.looseCount) > 0 else { return }
        let stream = self[direction]
        let isText = stream.isText && stream.looseCount >= SessionEvent.Kind.textMinimum
        appendLoose(stream.looseCount, end: stream.looseEnd, isText ? .text(stream.looseText) : .noise, direction)
        self[direction].clearLoose()
    }

    /// The last few loose bytes turned out to be text: reports those before.
    private mutating func tellNoiseBeforeText(_ direction: Direction) {
        let stream = self[direction]
        appendLoose(stream.looseCount - stream.looseTextTail, end: stream.looseNoiseEnd, .noise, direction)
        self[direction].looseCount = stream.looseTextTail
        self[direction].looseStart = stream.looseTextStart
    }

    private mutating func appendLoose(_ count: Int, end: Int64, _ kind: SessionEvent.Kind, _ direction: Direction) {
        let stream = self[direction]
        events.append(
            SessionEvent(
                direction: direction, offset: stream.offset - stream.looseCount, byteCount: count,
                start: stream.looseStart, end: end, kind: kind))
    }

    /// Counts bytes of the payload; they are reported when the chip answers a piece, or at the end.
    private mutating func takePayload(_ count: Int) {
        let offset = host.offset
        if host.payloadCount == 0 { host.payloadStart = host.stamp(at: offset) }
        host.payloadEnd = host.stamp(at: offset + count - 1)
        host.payloadCount += count
        host.offset += count
        host.interruption = nil
        state.takePayload(count)
        if state.boot.payloadMissing == 0 { tellPayload() }
    }

    private func endsPayloadPiece(_ kind: SessionEvent.Kind) -> Bool {
        switch kind {
        case .pieceAnswer, .headerAnswer, .syncAnswer: true
        default: false
        }
    }

    private mutating func tellPayload() {
        guard host.payloadCount > 0 else { return }
        let total = state.boot.payloadTotal
        let done = total - state.boot.payloadMissing
        events.append(
            SessionEvent(
                direction: .hostToChip, offset: host.offset - host.payloadCount, byteCount: host.payloadCount,
                start: host.payloadStart, end: host.payloadEnd, kind: .payload(done: done, total: total)))
        host.payloadCount = 0
    }

    /// Tells what is pending as something whose end never came.
    private mutating func cutOff(_ direction: Direction) {
        guard !self[direction].pending.isEmpty, case .more(let expected, _, _) = classifyPending(direction) else {
            return
        }
        let count = self[direction].pending.count
        emit(.cutOff(expected: expected), count, direction)
        self[direction].dropPending(count)
    }
}
