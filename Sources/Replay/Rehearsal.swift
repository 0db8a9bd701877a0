import Line
import Wire

/// A chip that lives through a recorded session aside, in a time of its own: message by message, each when the one before
/// has been answered.
struct Rehearsal<Chip: Understudy> {
    private(set) var chip: Chip
    /// How far it has come in its own time.
    private(set) var now = Instant.zero
    /// The first message that it answered with less than the recorded chip; nil for none.
    private(set) var disagreement: String?

    /// What it has answered to pieces of an image before the recorded chip did, in bytes.
    private var early = 0
    /// Whether the last message was of an image: with its end another program begins.
    private var hasImage = false

    /// A message of the host, and what became of it.
    struct Step: Sendable {
        /// As the host sent it.
        var bytes: [UInt8]
        /// Offset of its first byte in the host's recorded stream.
        var offset: Int
        var fate: Cue.Fate
        /// What the recorded chip said to it, in bytes.
        var answerByteCount: Int
        /// What it is called.
        var description: String
        var kind: SessionEvent.Kind

        var isSync: Bool { kind == .syncWord }
        /// Whether it is of the image of a download.
        var isPiece: Bool { if case .payload = kind { true } else { false } }
    }

    /// The longest a command may take, in the chip's time: an erase of 16 MB.
    private static var longestAnswer: Duration { .seconds(120) }
    /// What a chip is given that was not heard to answer: less than after which a stub repeats itself (§10).
    private static var shortWait: Duration { .milliseconds(100) }
    /// What hosts wait for after an image (§11.2): a program that begins resets the FIFO.
    private static var startOfProgram: Duration { .milliseconds(10) }
    private static var syncInterval: Duration { .milliseconds(5) }
    private static var syncTries: Int { 400 }

    init(_ chip: Chip) {
        self.chip = chip
        self.chip.advance(to: .zero)
    }

    /// Lives through a message and the answer to it.
    mutating func take(_ step: Step) {
        guard step.fate != .lost else { return }
        if hasImage, !step.isPiece { _ = run(until: now.advanced(by: Self.startOfProgram), wanting: .max) }
        hasImage = step.isPiece
        if step.isSync { return synchronise(step) }
        var bytes = step.bytes
        // Somewhere in its middle: what carries data was refused for its sum.
        if step.fate == .damaged, !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
        send(bytes)
        // The answers to several pieces of an image may have been recorded together, after the last.
        let wanted = max(0, step.answerByteCount - (step.isPiece ? early : 0))
        let limit = wanted == 0 ? Self.shortWait : Self.longestAnswer
        let got = run(until: now.advanced(by: limit), wanting: max(1, wanted))
        if got.count < wanted, disagreement == nil { disagreement = step.description }
        early = step.isPiece ? max(0, early + got.count - step.answerByteCount) : 0
    }

    /// A loader listens at its own times, and a stub not at all.
    private mutating func synchronise(_ step: Step) {
        for round in 0..<2 {
            for _ in 0..<Self.syncTries {
                send(step.bytes)
                let got = run(until: now.advanced(by: Self.syncInterval), wanting: 1)
                if got.contains(BootProtocol.Answer.synchronised.rawValue) { return }
                if !got.isEmpty { break }
            }
            if round == 0 { chip.restart(at: now) }
        }
        disagreement = disagreement ?? step.description
    }

    /// What the chip says to bytes, in full.
    mutating func ask(_ bytes: [UInt8]) -> [UInt8] {
        send(bytes)
        var said = run(until: now.advanced(by: Self.longestAnswer), wanting: 1)
        // Until it has been silent for a moment.
        while said.count < Divergence.mostByteCount {
            let more = run(until: now.advanced(by: .milliseconds(20)), wanting: 1)
            if more.isEmpty { break }
            said += more
        }
        return said
    }

    private mutating func send(_ bytes: [UInt8]) {
        let timing = RunTiming(start: now, backToBackAt: chip.receiverClock(at: now).rate)
        chip.otherEndSends(at: now, rate: timing.rate)
        chip.receive(bytes.span, timing: timing)
    }

    /// Lets it live until it has said so much, or until `limit`. - Returns: what it said.
    private mutating func run(until limit: Instant, wanting count: Int) -> [UInt8] {
        var said: [UInt8] = []
        var end = now
        func drain(_ chip: inout Chip) {
            while true {
                let before = said.count
                guard let timing = chip.transmit(into: &said) else { return }
                end = max(end, timing.end(of: said.count - before))
            }
        }
        chip.advance(to: now)
        drain(&chip)
        while said.count < count, let deadline = chip.deadline, deadline <= limit {
            now = max(now, deadline)
            chip.advance(to: now)
            drain(&chip)
        }
        if said.count < count { now = max(now, limit) }
        now = max(now, end)
        chip.advance(to: now)
        drain(&chip)
        return said
    }
}

extension CueSheet {
    /// Every message of the recorded host with what became of it, for a chip that lives through the session.
    /// - Parameter offset: messages that end behind this byte of the host's are left out.
    func forEachStep<Chip>(upTo offset: Int = .max, _ body: (Rehearsal<Chip>.Step) -> Void) {
        for cue in cues {
            guard cue.message.offset < offset else { return }
            if case .stream(let stream) = cue.what {
                for part in stream.parts {
                    for attempt in part.tries where part.message.endOffset <= offset {
                        body(Rehearsal<Chip>.Step(part, in: stream, attempt))
                    }
                }
            } else if cue.message.endOffset <= offset {
                if case .anything = cue.what { continue }
                body(Rehearsal<Chip>.Step(cue))
            }
        }
    }
}

extension Rehearsal.Step {
    fileprivate init(_ cue: Cue) {
        self.init(
            bytes: cue.message.unit(at: cue.message.offset).bytes, offset: cue.message.offset, fate: cue.fate,
            answerByteCount: (cue.replies + cue.answers).byteCount,
            description: cue.message.description, kind: cue.message.kind)
    }

    fileprivate init(_ part: DataStream.Part, in stream: DataStream, _ attempt: DataStream.Try) {
        // A piece of an image may have been recorded in several runs.
        let bytes = stream.sort == .payload ? Array(stream.data[part.range]) : part.message.bytes
        self.init(
            bytes: bytes, offset: part.message.offset, fate: attempt.fate, answerByteCount: attempt.replies.byteCount,
            description: part.message.description, kind: part.message.kind)
    }
}

extension [Speech.Reply] {
    /// Bytes that are said.
    var byteCount: Int {
        reduce(0) { if case .send(let bytes) = $1.action { $0 + bytes.count } else { $0 } }
    }
}
