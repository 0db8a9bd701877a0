package import Line
package import Trace
import Wire
import Words

/// A session as one page for a browser, with everything in it: lanes to zoom into, and each message explained.
///
/// It is written as the trace is read. What is told goes into blocks of numbers and texts (`PageNumbers`, `PageTexts`) that
/// the page's script decodes, `Sources/Story/Page/decode.js`; nothing of a trace stands there as markup. What a reader
/// without the script needs comes last, as markup, and the style puts it first.
package struct SessionPage {
    /// So many bytes of messages are in a page; of what comes later the first few are.
    private static let mostBytes = 16 << 20
    private static let fewBytes = 64
    /// What is gathered before it is written.
    private static let rowsInBlock = 2048
    private static let bytesInBlock = 1 << 18
    /// So many phases are told.
    private static let mostPhases = 2000
    /// A message is not drawn earlier than this before its first byte's stamp, in nanoseconds.
    private static let mostOnWire: Int64 = 1_000_000_000

    private var texts = PageTexts()
    private var rows = PageNumbers()
    private var rowCount = 0
    private var bytes: [UInt8] = []
    private var states = PageNumbers()
    private var stateCount = 0
    private var bytesLeft = Self.mostBytes

    private var times = WireTimes()
    private var lastRow: Int64 = 0
    private var lastState: Int64 = 0
    /// Where each direction's next message begins, as far as is known.
    private var places = Pair(0)
    /// Bytes of each direction by now, and before the session that is being followed: differences count from there.
    private var byteCounts = Pair(0)
    private var sessionStarts = Pair(0)

    private var summary = PageSummary()

    package init() {}

    /// What the page begins with. - Parameter name: of the trace.
    package func head(_ name: String) -> String { PageTemplate.head(name: name) }

    /// Notes a run of bytes, before its messages are known.
    package mutating func data(_ count: Int, _ direction: Direction, at time: Instant) {
        summary.data(count, direction, at: time)
        byteCounts[direction] += count
    }

    /// Notes any other event, before its row. - Returns: what is to be written by now.
    package mutating func note(_ event: TraceEvent) -> String {
        times.note(event)
        summary.note(event)
        switch event.kind {
        case .session: sessionStarts = byteCounts
        case .power(let isOn):
            putState(.power, event.time)
            states.put(isOn ? 1 : 0)
        case .baud(let end, let rate):
            putState(.baud, event.time)
            states.put(end == .host ? 0 : 1)
            states.put(UInt64(rate))
        case .controlLines(let lines):
            putState(.lines, event.time)
            states.put(UInt64(lines.rawValue))
        case .loader(let name):
            putState(.loader, event.time)
            states.put(texts.number(of: name))
        case .difference(let difference): put(difference, at: event.time)
        default: break
        }
        return blocksIfMany()
    }

    /// Adds a message, which needs its bytes, or a mark. - Returns: what is to be written by now.
    package mutating func row(_ told: SessionFollower.Told) -> String {
        summary.add(told, tellsPhases: summary.timeline.phases.count < Self.mostPhases)
        switch told {
        case .event(let event, let bytes): put(event, bytes)
        case .mark(let mark): put(mark)
        }
        rowCount += 1
        return blocksIfMany()
    }

    /// All that is left.
    package mutating func foot() -> String {
        blocks() + summary.markup(keepsAllBytes: bytesLeft > 0) + PageTemplate.foot
    }

    // MARK: Rows

    // A row is: lane, tone and two flags in one number; kind, text and meaning as numbers of texts; its end, counted from
    // the row's before. A message goes on: how long before its end its first byte came, and how long before it is drawn;
    // where it begins, counted from where the one before ended; its bytes; how many of them are kept; its parts. A pitfall
    // comes last: summary and description.

    private mutating func put(_ event: SessionEvent, _ contents: [UInt8]) {
        let drawn = max(times.span(of: event).lowerBound, event.start &- Self.mostOnWire)
        putHead(.init(event.direction), Tone(event), event.pitfall, isMessage: true)
        putWords(event.kind.name, event.description, event.kind.meaning, at: event.end)
        rows.put(signed: event.end &- event.start)
        rows.put(signed: event.end &- drawn)
        rows.put(signed: Int64(event.offset &- places[event.direction]))
        rows.put(event.byteCount)
        places[event.direction] = event.offset &+ event.byteCount
        let kept = contents.prefix(contents.count <= bytesLeft ? contents.count : Self.fewBytes)
        bytesLeft = max(0, bytesLeft - kept.count)
        rows.put(kept.count)
        bytes += kept
        rows.put(texts.number(of: event.fields.map { "\($0.name) \($0.byteCount ?? 0)" }.joined(separator: ",")))
        put(event.pitfall)
    }

    private mutating func put(_ mark: Mark) {
        let lane = PageLane(markOf: mark.kind)
        putHead(lane, lane == .faults ? .trouble : .plain, mark.pitfall, isMessage: false)
        putWords(mark.kind, mark.text, Mark.meaning(of: mark.kind), at: mark.stamp)
        put(mark.pitfall)
    }

    private mutating func putHead(_ lane: PageLane, _ tone: Tone, _ pitfall: Pitfall?, isMessage: Bool) {
        rows.put(
            UInt64(lane.rawValue) | UInt64(tone.rawValue) << 3 | (pitfall == nil ? 0 : 1 << 5)
                | (isMessage ? 1 << 6 : 0))
    }

    private mutating func putWords(_ kind: String, _ text: String, _ meaning: String, at stamp: Int64) {
        rows.put(texts.number(of: kind))
        rows.put(texts.number(of: text))
        rows.put(texts.number(of: meaning))
        rows.put(signed: stamp &- lastRow)
        lastRow = stamp
    }

    private mutating func put(_ pitfall: Pitfall?) {
        guard let pitfall else { return }
        rows.put(texts.number(of: pitfall.summary))
        rows.put(texts.number(of: pitfall.description))
    }

    // MARK: States

    /// What lasts; the script has the same numbers.
    private enum State: UInt64 {
        case power, baud, lines, loader, difference
    }

    private mutating func putState(_ state: State, _ time: Instant) {
        stateCount += 1
        states.put(state.rawValue)
        states.put(signed: time.nanoseconds &- lastState)
        lastState = time.nanoseconds
    }

    private mutating func put(_ difference: LineDifference, at time: Instant) {
        putState(.difference, time)
        let direction = difference.direction
        let kept = difference.chipCharacters.prefix(
            difference.chipCharacters.count <= bytesLeft ? difference.chipCharacters.count : Self.fewBytes)
        bytesLeft = max(0, bytesLeft - kept.count)
        states.put(direction == .hostToChip ? 0 : 1)
        states.put(max(0, difference.hostOffset) &+ sessionStarts[direction])
        states.put(difference.hostCount)
        states.put(difference.chipCharacters.count)
        states.put(texts.number(of: difference.cause.description))
        states.put(kept.count)
        states.put(kept)
    }

    // MARK: Blocks

    private mutating func blocksIfMany() -> String {
        let isMany =
            rowCount >= Self.rowsInBlock || stateCount >= Self.rowsInBlock || bytes.count >= Self.bytesInBlock
            || states.bytes.count >= Self.bytesInBlock || texts.pendingByteCount >= Self.bytesInBlock
        return isMany ? blocks() : ""
    }

    /// All that has been gathered: texts, rows, the rows' bytes, states.
    private mutating func blocks() -> String {
        defer {
            (rows, states, rowCount, stateCount) = (PageNumbers(), PageNumbers(), 0, 0)
            bytes.removeAll(keepingCapacity: true)
        }
        return PageTemplate.block("texts", texts.takePending())
            + PageTemplate.block("rows", count: rowCount, base64(rows.bytes))
            + PageTemplate.block("bytes", base64(bytes))
            + PageTemplate.block("states", count: stateCount, base64(states.bytes))
    }
}
