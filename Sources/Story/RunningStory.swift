import Line
import Wire

/// A story for somebody who watches: what goes on and on without trouble is told once in a while, all else as it is.
///
/// A routine (an image in pieces, blocks and their ACKs, data frames, reads) begins with the lines that `show` has for its
/// first exchange; a line follows for each second of what is like it, and one for its end. A bad line's differences are told
/// in the same way.
package struct RunningStory: Sendable {
    private var routine: Routine?
    /// What of the routine has been told whole.
    private var toldCount = 0
    /// What of it has not been told.
    private var rest = Rest()
    private var bursts = MarkBursts()
    /// The latest that was told: nothing is told as if it were before it.
    private var latest: Int64

    private struct Rest: Sendable {
        /// All of it, as long as that is no more than an exchange.
        var events: [SessionEvent] = []
        var eventCount = 0
        /// The messages that the routine is about, and what they carry.
        var count = 0
        var byteCount = 0
        var last: SessionEvent?
        var lastMessage: SessionEvent?
    }

    /// An exchange is told whole.
    private static let exchange = 2
    /// In nanoseconds.
    private static let longestSilence: Int64 = 1_000_000_000

    /// - Parameter origin: the stamp before which nothing is told.
    package init(origin: Int64) {
        latest = origin
    }

    package mutating func tell(_ told: SessionFollower.Told, _ take: (StoryLine) -> Void) {
        switch told {
        case .mark(let mark):
            let marks = bursts.take(mark)
            if !marks.isEmpty { tellRest(take) }
            tell(marks, take)
        case .event(let event, _): tell(event, take)
        }
    }

    private mutating func tell(_ event: SessionEvent, _ take: (StoryLine) -> Void) {
        let next = Routine(event, after: routine)
        if next == nil || next != routine {
            tellRest(take)
            routine = next
            toldCount = 0
        }
        guard let next, toldCount >= Self.exchange else {
            toldCount += 1
            return tell(event, whole: take)
        }
        if rest.eventCount < Self.exchange { rest.events.append(event) }
        rest.eventCount += 1
        rest.last = event
        if next.isAbout(event) {
            rest.count += 1
            rest.byteCount += Routine.byteCount(of: event)
            rest.lastMessage = event
        }
        if event.end - rest.events[0].end >= Self.longestSilence { tellRest(take) }
    }

    /// Tells all that is held back.
    package mutating func catchUp(_ take: (StoryLine) -> Void) {
        tellRest(take)
        tell(bursts.takeAll(), take)
    }

    /// Tells what of a routine has not been told.
    private mutating func tellRest(_ take: (StoryLine) -> Void) {
        guard let routine, let last = rest.last else { return }
        if rest.eventCount <= Self.exchange {
            for event in rest.events { tell(event, whole: take) }
        } else if let message = rest.lastMessage {
            latest = max(latest, last.end)
            take(.more(routine.words(rest.count, rest.byteCount, message), message.direction, at: last.end))
        } else {
            tell(last, whole: take)
        }
        rest = Rest()
    }

    private mutating func tell(_ event: SessionEvent, whole take: (StoryLine) -> Void) {
        latest = max(latest, event.end)
        take(.event(event))
    }

    private mutating func tell(_ marks: [Mark], _ take: (StoryLine) -> Void) {
        for var mark in marks {
            latest = max(latest, mark.stamp)
            mark.stamp = latest
            take(.mark(mark))
        }
    }
}

/// What repeats itself when all goes well.
private enum Routine: Hashable {
    case syncWords, payload, blocks, dataFrames, reads

    /// nil for what is to be told by itself.
    init?(_ event: SessionEvent, after routine: Routine?) {
        guard event.pitfall == nil else { return nil }
        switch event.kind {
        case .syncWord: self = .syncWords
        case .payload: self = .payload
        case .pieceAnswer where routine == .payload: self = .payload
        case .xmodemBlock(let block) where block.isIntact && !block.isRepeated: self = .blocks
        case .xmodemACK where routine == .blocks: self = .blocks
        case .request(let request) where request.sumIsRight:
            switch (request.command, request.body) {
            case (.flashUpload, .range): self = .reads
            case (_, .data(_, again: false)): self = .dataFrames
            default: return nil
            }
        case .answer(let answer)
        where routine == .dataFrames && answer.status == .success && answer.command.takesDataFrames:
            self = .dataFrames
        case .uploadFrame(_, _, _, let sum) where routine == .reads && sum != .wrong: self = .reads
        default: return nil
        }
    }

    /// Whether an event is what the routine is about, and no answer to it.
    func isAbout(_ event: SessionEvent) -> Bool {
        switch (self, event.kind) {
        case (.syncWords, _), (.payload, .payload), (.blocks, .xmodemBlock), (.dataFrames, .request): true
        case (.reads, .uploadFrame): true
        default: false
        }
    }

    static func byteCount(of event: SessionEvent) -> Int {
        switch event.kind {
        case .payload: event.byteCount
        case .xmodemBlock(let block): block.dataByteCount
        case .request(let request): if case .data(let count, _) = request.body { count } else { 0 }
        case .uploadFrame(let count, _, _, _): count
        default: 0
        }
    }

    /// So many more of them, of so many bytes of contents, the last being `message`.
    func words(_ count: Int, _ byteCount: Int, _ message: SessionEvent) -> String {
        let more = "… \(count) more"
        func plural(_ noun: String) -> String { count == 1 ? noun : noun + "s" }
        return switch self {
        case .syncWords: "\(more) sync \(plural("word"))"
        case .payload: "… \(message.description), \(count) more \(plural("piece"))"
        case .blocks: "\(more) \(plural("block")), \(byteCount) bytes, up to \(message.description)"
        case .dataFrames: "\(more) data \(plural("frame")), \(byteCount) bytes"
        case .reads: "\(more) upload \(plural("frame")), \(byteCount) bytes"
        }
    }
}

extension StubCommand {
    fileprivate var takesDataFrames: Bool { self == .flashDownload || self == .ramDownload }
}
