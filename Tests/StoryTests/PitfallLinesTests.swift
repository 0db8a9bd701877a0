import Line
import Story
import Testing
import Trace
import Wire
import Words

/// How mistakes are told, and what is told of a session while it runs.
@Suite struct PitfallLinesTests {
    private func told(_ events: [TraceEvent]) -> [SessionFollower.Told] {
        var follower = SessionFollower()
        var told: [SessionFollower.Told] = []
        for event in events {
            if case .data(let direction, let bytes) = event.kind {
                follower.data(bytes.span, direction, at: event.time) { told.append($0) }
            } else {
                follower.other(event) { told.append($0) }
            }
        }
        follower.finish { told.append($0) }
        return told
    }

    private func at(_ milliseconds: Int64, _ kind: TraceEvent.Kind) -> TraceEvent {
        TraceEvent(Instant(nanoseconds: milliseconds * 1_000_000), kind)
    }

    /// §4.4: below the line, and in JSON.
    @Test func anErase() throws {
        let erase = StubRequest(.erase, address: 0x1100, length: 0x1000).bytes
        let told = told([at(5, .data(.hostToChip, erase)), at(6, .data(.chipToHost, [0x5A, 0x04, 0, 0, 0, 0x5E]))])
        let events = told.compactMap { told -> SessionEvent? in
            if case .event(let event, _) = told { event } else { nil }
        }
        var lines = EventLines()
        #expect(
            events.map { lines.line($0) } == [
                "    0.000000   +0.000000  → chip  ERASE 0x1100 +4096",
                """
                    0.001000   +0.001000  ← chip  ERASE ack status 0
                                                  ! Nothing was erased, although it says success: 0x1100 is not a multiple of 0x1000.
                """,
            ])
        #expect(
            try #require(events.last).json.description.hasSuffix(
                #""text":"ERASE ack status 0","pitfall":{"name":"erased-nothing","text":"Nothing was erased, although "#
                    + #"it says success: 0x1100 is not a multiple of 0x1000."}}"#))
        #expect(
            lines.line(events[1]).hasSuffix("0\n                                  ! erased nothing, as above"),
            "explained once")
        var timeline = Timeline()
        events.forEach { timeline.add($0) }
        #expect(timeline.phases.map(\.note) == ["from 0x1100, erased nothing"])
    }

    /// §10: a block that comes twice is programmed twice where the chip took it and its ACK got lost, and not where the
    /// block itself did. At the host's end both look alike; a trace knows which it was.
    @Test(arguments: [
        (LineDifference(.chipToHost, hostOffset: 7, hostCount: 0, chipCharacters: [0x06], cause: .fault("drop")), true),
        (
            LineDifference(.hostToChip, hostOffset: 13, hostCount: 1029, chipCharacters: [], cause: .fault("drop")),
            false
        ),
        (LineDifference(.hostToChip, hostOffset: 500, hostCount: 2, chipCharacters: [1], cause: .level), false),
        // In the request before.
        (LineDifference(.hostToChip, hostOffset: 12, hostCount: 1, chipCharacters: [1], cause: .level), true),
    ])
    func aBlockTwice(difference: LineDifference, isTaken: Bool) {
        let data = [UInt8](repeating: 0x5A, count: 1024)
        let crc = CRC16.of(data.span)
        let block = [0x02, 1, 0xFE] + data + [UInt8(crc >> 8), UInt8(truncatingIfNeeded: crc)]
        let session = SessionDescription(program: "test", programVersion: "", clock: .line)
        // What another session in the same file held does not count.
        let events =
            [
                at(0, .session(session)), at(0, .data(.hostToChip, StubRequest(.flashID).bytes)),
                at(1, .session(session)),
            ]
            + [
                at(5, .data(.hostToChip, StubRequest(.xmodemWrite, address: 0, length: 1024).bytes)),
                at(6, .data(.chipToHost, [0x5A, 0x91, 0, 0, 0, 0xEB])), at(7, .data(.chipToHost, [0x43])),
                at(8, .difference(difference)), at(9, .data(.hostToChip, block)),
                at(342, .data(.chipToHost, [0x43])), at(400, .data(.hostToChip, block)),
                at(402, .data(.chipToHost, [0x06])),
            ]
        let found = told(events).compactMap { told -> Pitfall? in
            if case .event(let event, _) = told { event.pitfall } else { nil }
        }
        #expect(found == (isTaken ? [.blockTwice(1)] : []))
    }

    /// §11.3: without a common ground the host receives bytes that nobody sent. None of them is taken for what the chip says,
    /// whatever it reads as; what the chip did send keeps its meaning.
    @Test(
        arguments: [
            // The second of three bytes, all in this session.
            (1, 1, [nil, .notSent, .refusalIsNoSyncAnswer]), (0, 3, [.notSent, .notSent, .notSent]),
            // A byte that was lost is none that arrived; and one that is still to come is not meant.
            (1, 0, [nil, .refusalIsNoSyncAnswer, .refusalIsNoSyncAnswer]),
            (3, 1, [nil, .refusalIsNoSyncAnswer, .refusalIsNoSyncAnswer]),
            // As made-up traces have them.
            (-4, 2, [nil, .refusalIsNoSyncAnswer, .refusalIsNoSyncAnswer]),
            (.max, 1, [nil, .refusalIsNoSyncAnswer, .refusalIsNoSyncAnswer]),
        ] as [(Int, Int, [Pitfall?])])
    func anAnswerThatTheChipDidNotSend(offset: Int, count: Int, expected: [Pitfall?]) {
        let session = SessionDescription(program: "test", programVersion: "", clock: .line)
        let word = TraceEvent.Kind.data(.hostToChip, BootProtocol.syncWord)
        let found = told([
            // Another session in the same file, in which the host received two bytes.
            at(0, .session(session)), at(1, word), at(2, .data(.chipToHost, [1, 0xFF])),
            at(3, .session(session)), at(4, .power(on: true)), at(5, word),
            at(
                6,
                .difference(
                    LineDifference(
                        .chipToHost, hostOffset: offset, hostCount: count, chipCharacters: [], cause: .ground))),
            at(6, .data(.chipToHost, [1])), at(7, word), at(8, .data(.chipToHost, [0xFF])), at(9, word),
            at(10, .data(.chipToHost, [0xFF])),
        ])
        let answers = found.compactMap { told -> SessionEvent? in
            if case .event(let event, _) = told, event.direction == .chipToHost, event.start >= 4_000_000 {
                event
            } else {
                nil
            }
        }
        #expect(answers.map(\.pitfall) == expected)
    }

    /// §4: the stub resets its FIFO once when it has started; earlier bytes are lost.
    @Test(arguments: [0, 3])
    func aCommandInAFIFOReset(cut: Int) throws {
        let command = StubRequest(.flashID).bytes
        let lost = TraceEvent.Kind.lost(
            .hostToChip, count: command.count - cut, reason: "receive FIFO reset when the stub had started")
        let told = told([
            at(1, .data(.hostToChip, Array(command.dropLast(cut)))), at(2, lost),
            at(3, .data(.hostToChip, command.suffix(cut) + StubRequest.baud(9600).bytes)), at(4, lost),
        ])
        let marks = told.compactMap { told -> Mark? in if case .mark(let mark) = told { mark } else { nil } }
        #expect(marks.map(\.pitfall) == [.fellIntoReset("FLASH ID"), .fellIntoReset("BAUD 9600")])
        #expect(try #require(marks.first).json.description.contains(#""pitfall":{"name":"fell-into-reset""#))
    }

    /// Sync words that cross the answer fall into the loader's reset as a rule, and nothing is amiss (§1.4).
    @Test func wordsInAFIFOReset() {
        let told = told([
            at(1, .data(.hostToChip, BootProtocol.syncWord)), at(2, .data(.hostToChip, BootProtocol.syncWord)),
            at(3, .lost(.hostToChip, count: 4, reason: "receive FIFO reset behind the answer to the sync word")),
        ])
        let pitfalls = told.compactMap { told -> Pitfall? in
            if case .mark(let mark) = told { mark.pitfall } else { nil }
        }
        #expect(pitfalls == [])
    }

    /// A repeated block that no NAK asked for is a retry, and lies one block further on (§10).
    @Test func aLostAckInTheTable() {
        var block: [UInt8] = []
        XMODEM.appendBlock(number: 1, data: [UInt8](repeating: 9, count: 1024).span, to: &block)
        var timeline = Timeline()
        for told in told([
            at(1, .data(.hostToChip, StubRequest(.xmodemWrite, address: 0x8000, length: 1024).bytes)),
            at(2, .data(.chipToHost, StubAnswer(.xmodemWrite).bytes + [XMODEM.ready])),
            at(3, .data(.hostToChip, block)),
            at(4, .data(.hostToChip, block)), at(5, .data(.chipToHost, [XMODEM.ack])),
        ]) {
            if case .event(let event, _) = told { timeline.add(event) }
        }
        #expect(timeline.phases.map(\.note) == ["from 0x8000, 1 retry, block 1 programmed twice"])
    }

    // MARK: While it runs

    private func running(_ events: [TraceEvent]) -> [String] {
        var (story, words) = (RunningStory(origin: 0), EventLines(origin: 0))
        var lines: [String] = []
        for told in told(events) { story.tell(told) { lines.append(String(words.line($0).dropFirst(26))) } }
        story.catchUp { lines.append(String(words.line($0).dropFirst(26))) }
        return lines
    }

    /// §3: 36 KB in pieces of 1024 bytes at 115200 baud, 3.2 s: the first piece, a line for each second, the last.
    @Test func anUploadIsAHandfulOfLines() {
        var events = [
            at(0, .data(.hostToChip, BootProtocol.syncWord)), at(1, .data(.chipToHost, [1])),
            at(2, .data(.hostToChip, DownloadHeader(length: 36864).bytes)), at(3, .data(.chipToHost, [0])),
        ]
        for piece in 1...Int64(36) {
            events += [
                at(3 + 89 * piece, .data(.hostToChip, [UInt8](repeating: 0x5A, count: 1024))),
                at(4 + 89 * piece, .data(.chipToHost, [0])),
            ]
        }
        #expect(
            running(events) == [
                "→ chip  sync word", "← chip  sync answer", "→ chip  download header 0x10000 +36864",
                "← chip  header accepted", "→ chip  payload, 1024 of 36864 bytes", "← chip  piece 1 of 36 accepted",
                "→ chip  … payload, 14336 of 36864 bytes, 13 more pieces",
                "→ chip  … payload, 26624 of 36864 bytes, 12 more pieces",
                "→ chip  … payload, 36864 of 36864 bytes, 10 more pieces",
            ])
    }

    /// A bad line has a difference for each word; three say what there is to say, and what happens goes on between them.
    @Test func aBurstIsSummedUp() {
        let lost = { (place: Int) in
            TraceEvent.Kind.difference(
                LineDifference(.hostToChip, hostOffset: place, hostCount: 4, chipCharacters: [], cause: .ground))
        }
        let events = (0..<60).flatMap {
            [at($0 * 50, lost(Int($0) * 4)), at($0 * 50 + 1, .data(.hostToChip, BootProtocol.syncWord))]
        }
        let lines = running(events)
        #expect(lines.filter { $0.hasPrefix("· differs  host-to-chip") }.count == 3)
        #expect(
            lines.filter { $0.hasPrefix("· differs  …") } == [
                "· differs  … 21 more, the last: host-to-chip, at byte 92: 4 bytes lost (no common ground)",
                "· differs  … 21 more, the last: host-to-chip, at byte 176: 4 bytes lost (no common ground)",
                "· differs  … 15 more, the last: host-to-chip, at byte 236: 4 bytes lost (no common ground)",
            ])
        #expect(lines.count < 20)
    }

    /// Whatever is out of the way is told by itself, and what was held back before it.
    @Test func troubleIsToldWhole() {
        let words = (0..<Int64(5)).map { at($0 * 50, .data(.hostToChip, BootProtocol.syncWord)) }
        #expect(
            running(words + [at(250, .power(on: true)), at(260, .data(.hostToChip, BootProtocol.syncWord))]) == [
                "→ chip  sync word", "→ chip  sync word", "→ chip  … 3 more sync words", "· power    on",
                "→ chip  sync word",
            ])
    }
}
