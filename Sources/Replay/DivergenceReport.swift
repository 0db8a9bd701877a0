import Line
import Trace
package import Words
import Wire

/// What there is to say of a divergence: the step, both sides decoded and in hex, the exchange before it.
package struct DivergenceReport: Sendable {
    package let divergence: Divergence
    /// What the recorded side says here; nil after the trace's end.
    package private(set) var expected: ReplayedMessage?
    /// Which of its side's messages that is, from 1.
    package private(set) var step: Int?
    /// The command that it belongs to: "XMODEM write 0x8000 +24576"; nil for none.
    package private(set) var inside: String?
    /// What came, in words; nil for nothing.
    package private(set) var got: String?
    /// Its bytes, as far as they had come, from its beginning.
    package private(set) var gotBytes: [UInt8] = []
    /// The last message of the other side that went well, and what was said to it.
    package private(set) var exchange: (message: ReplayedMessage, answer: ReplayedMessage?)?
    /// What a chip would have answered, in words and in bytes; nil where none was asked.
    package private(set) var answer: (words: String, bytes: [UInt8])?

    /// - Parameter recording: of which it is a divergence.
    package init(_ divergence: Divergence, in recording: Recording) {
        self.divergence = divergence
        let side = divergence.direction
        let own = recording.messages.filter { $0.direction == side }
        if divergence.kind != .extra, let index = own.firstIndex(where: { divergence.recordedOffset < $0.endOffset }) {
            expected = own[index].unit(at: divergence.recordedOffset)
            step = index + 1
        }
        findBefore(in: recording, side)
        nameGot(in: recording, side)
    }

    /// What an emulated chip, which has lived through the session so far, says to what came.
    /// - Parameter chip: as it was before the session.
    package mutating func ask<Chip: Understudy>(
        _ chip: Chip, in recording: Recording, knowsStub: ([UInt8]) -> Bool
    ) {
        guard divergence.direction == .hostToChip, !gotBytes.isEmpty else { return }
        var rehearsal = Rehearsal(chip)
        let start = expected?.offset ?? recording.hostByteCount
        CueSheet(recording, knowsStub: knowsStub).forEachStep(upTo: start) { rehearsal.take($0) }
        let bytes = rehearsal.ask(gotBytes)
        var reader = recording.reader(upTo: start, .hostToChip)
        var words: [String] = []
        reader.take(gotBytes.span, .hostToChip, at: divergence.time) { _ in }
        reader.take(bytes.span, .chipToHost, at: divergence.time) { words.append($0.description) }
        reader.finish { if $0.direction == .chipToHost { words.append($0.description) } }
        answer = (bytes.isEmpty ? "nothing" : words.prefix(4).joined(separator: ", "), bytes)
    }

    private mutating func findBefore(in recording: Recording, _ side: Direction) {
        let limit = expected?.offset ?? .max
        var last: Int?
        for (index, message) in recording.messages.enumerated() {
            if message.direction == side {
                guard message.offset < limit else { break }
                last = index
            }
            if case .request(let request) = message.kind, message.direction == .hostToChip {
                switch request.body {
                case .data, .lateData, .efuseData: break
                default: inside = message.description
                }
            }
        }
        if let expected, case .request = expected.kind, expected.data == nil { inside = nil }
        switch expected?.kind {
        case .syncWord, .downloadHeader, .payload, .amtWord: inside = nil
        default: break
        }
        guard let last else { return }
        let answer = recording.messages[(last + 1)...].prefix { $0.offset < limit || $0.direction != side }.first {
            $0.direction != side && $0.hasMeaning
        }
        exchange = (recording.messages[last], answer)
    }

    private mutating func nameGot(in recording: Recording, _ side: Direction) {
        let start = expected?.offset ?? divergence.recordedOffset
        let within = max(0, divergence.recordedOffset - start)
        gotBytes = Array((expected?.bytes ?? []).prefix(within)) + divergence.got
        guard !divergence.got.isEmpty else {
            gotBytes = []
            return
        }
        var reader = recording.reader(upTo: start, side)
        var names: [ReplayedMessage] = []
        reader.take(gotBytes.span, side, at: divergence.time) { names.append($0) }
        if names.first(where: { $0.direction == side }) == nil { reader.finish { names.append($0) } }
        guard let first = names.first(where: { $0.direction == side }) else { return }
        got = first.description
        gotBytes = Array(gotBytes.prefix(max(first.bytes.count, within + 1)))
    }
}

extension Recording {
    /// A reader that has had the session up to a byte of a side, and what the other had said by then.
    func reader(upTo offset: Int, _ side: Direction) -> MessageReader {
        var reader = MessageReader()
        var count = 0
        for event in events {
            switch event.kind {
            case .data(let direction, let bytes) where direction == side:
                let part = bytes.prefix(offset - count)
                reader.take(part.span, direction, at: event.time) { _ in }
                count += part.count
                if count == offset, part.count < bytes.count { return reader }
            case .data(let direction, let bytes):
                reader.take(bytes.span, direction, at: event.time) { _ in }
            case .power: reader.restart { _ in }
            default: break
            }
        }
        return reader
    }
}

// MARK: In words

extension DivergenceReport {
    private var side: String { divergence.direction == .hostToChip ? "the host" : "the chip" }

    /// What happened and where, in a line.
    package var headline: String {
        let place = "at its byte \(divergence.hostOffset) (\(hex(divergence.hostOffset)))"
        return switch divergence.kind {
        case .mismatch: "\(side) sent something else \(place)"
        case .silence: "\(side) fell silent \(place)"
        case .extra: "\(side) went on after the trace's end, \(place)"
        }
    }

    /// All of it, in lines.
    package var lines: [String] {
        var lines = [headline]
        func add(_ name: String, _ text: String?) {
            if let text { lines.append("  \(name)\(String(repeating: " ", count: max(1, 11 - name.count)))\(text)") }
        }
        add("step", stepWords)
        add("time", timeWords)
        add("expected", expected.map { $0.description } ?? "nothing more")
        add("got", got ?? (divergence.got.isEmpty ? "nothing" : "bytes without a meaning"))
        lines += hexLines
        add("before", exchangeWords)
        add(
            "chip",
            answer.map { "would have answered: \($0.words)\($0.bytes.isEmpty ? "" : " (\(Self.excerpt($0.bytes)))")" })
        return lines
    }

    private var stepWords: String? {
        guard let step, let expected else { return nil }
        let within = divergence.recordedOffset - expected.offset
        let place = expected.bytes.count > 1 ? ", from its byte \(within) on" : ""
        return "message \(step) of \(side): \(expected.description)\(inside.map { " of \($0)" } ?? "")\(place)"
    }

    private var timeWords: String {
        let recorded = divergence.recordedTime.map { "\($0) in the trace, " } ?? ""
        return "\(recorded)\(divergence.time) in the replay"
    }

    private var exchangeWords: String? {
        exchange.map { message, answer in
            let (there, back) = divergence.direction == .hostToChip ? ("→", "←") : ("←", "→")
            return "\(there) \(message.description) (\(message.end)), "
                + (answer.map { "\(back) \($0.description) (\($0.end))" } ?? "no answer")
        }
    }

    /// Rows of bytes that are shown, and bytes in each.
    private static let rowCount = 4
    private static let rowByteCount = 8

    /// Both sides' bytes beside each other, in the rows in which they differ; what differs is marked.
    private var hexLines: [String] {
        let start = expected?.offset ?? divergence.recordedOffset
        let within = max(0, divergence.recordedOffset - start)
        let wanted = expected?.bytes ?? []
        var lines: [String] = []
        let first = within / Self.rowByteCount * Self.rowByteCount
        for row in stride(from: first, to: max(wanted.count, gotBytes.count), by: Self.rowByteCount) {
            let (one, other) = (Self.row(wanted, gotBytes, from: row), Self.row(gotBytes, wanted, from: row))
            guard one.contains("[") || other.contains("[") else { continue }
            guard lines.count < Self.rowCount else {
                lines.append("  …")
                break
            }
            let label = "+" + String(row, radix: 16, uppercase: true)
            lines.append("  \(Format.left(label, 11))\(Format.left(one, Self.rowByteCount * 4)) | \(other)")
        }
        return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    }

    /// A row; a byte that the other has otherwise, or not at all, stands in brackets.
    private static func row(_ bytes: [UInt8], _ others: [UInt8], from start: Int) -> String {
        let end = min(bytes.count, start + rowByteCount)
        guard start < end else { return "" }
        return (start..<end).map { index in
            let text = hexBytes([bytes[index]])
            return index < others.count && others[index] == bytes[index] ? " \(text) " : "[\(text)]"
        }.joined()
    }

    private static func excerpt(_ bytes: [UInt8]) -> String {
        hexBytes(bytes.prefix(16)) + (bytes.count > 16 ? " … (\(bytes.count))" : "")
    }

    // MARK: As JSON

    package var json: JSONValue {
        // With their types: to find them in one expression takes the compiler nine seconds.
        let before: JSONValue? = exchange.map { Self.json($0.message.description, $0.message.bytes) }
        let beforeAnswer: JSONValue? = exchange?.answer.map { Self.json($0.description, $0.bytes) }
        let chipAnswer: JSONValue? = answer.map { Self.json($0.words, $0.bytes) }
        let recordedTime: JSONValue? = divergence.recordedTime.map { .integer($0.nanoseconds) }
        let step: JSONValue? = step.map { .integer(Int64($0)) }
        let members: [JSONValue.Member] = [
            .init("kind", .string(divergence.kind.rawValue)),
            .init("from", .string(divergence.direction == .hostToChip ? "host" : "chip")),
            .init("offset", .integer(Int64(divergence.hostOffset))),
            .init("recordedOffset", .integer(Int64(divergence.recordedOffset))),
            .init("timeNanoseconds", .integer(divergence.time.nanoseconds)),
            .init("recordedNanoseconds", recordedTime ?? .null),
            .init("step", step ?? .null),
            .init("inside", inside.map { .string($0) } ?? .null),
            .init("expected", Self.json(expected?.description, expected?.bytes ?? divergence.expected)),
            .init("got", Self.json(got, gotBytes)),
            .init("before", before ?? .null), .init("beforeAnswer", beforeAnswer ?? .null),
            .init("chipAnswer", chipAnswer ?? .null),
        ]
        return .object(members)
    }

    private static func json(_ words: String?, _ bytes: [UInt8]) -> JSONValue {
        .object([
            .init("words", words.map { .string($0) } ?? .null),
            .init("hex", .string(bytes.map { hexBytes([$0]) }.joined())),
        ])
    }
}
