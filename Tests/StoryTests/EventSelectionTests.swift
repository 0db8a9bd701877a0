import Line
import Story
import Testing
import Wire

/// What of a session is told, and what is told in one line.
@Suite struct EventSelectionTests {
    private func event(_ kind: SessionEvent.Kind, at stamp: Int64) -> SessionFollower.Told {
        .event(
            SessionEvent(direction: .chipToHost, offset: 0, byteCount: 1, start: stamp, end: stamp, kind: kind),
            bytes: [])
    }

    private func mark(_ text: String, at stamp: Int64) -> SessionFollower.Told {
        .mark(Mark(stamp: stamp, text: text, kind: "note"))
    }

    private func folded(_ told: [SessionFollower.Told]) -> [String] {
        var fold = RepeatFold()
        var lines = EventLines(origin: 0)
        return (told.flatMap { fold.take($0) } + fold.finish()).map { line in
            switch line {
            case .told(.event(let event, _)): lines.line(event)
            case .told(.mark(let mark)): lines.line(mark)
            case .repeated(let event, let count): lines.line(event, times: count)
            }
        }
    }

    @Test func repeatsAreOneLine() {
        let naks = (1...80).map { event(.xmodemNAK, at: $0 * 1_000_000) }
        #expect(folded(naks) == ["    0.080000   +0.080000  ← chip  80 × NAK"])
        let two = Array(naks.prefix(2)) + [event(.xmodemACK, at: 3_000_000)]
        #expect(folded(two).map { $0.suffix(3) } == ["NAK", "NAK", "ACK"])
        let apart = Array(naks.prefix(3)) + [mark("something", at: 3_500_000)] + Array(naks.dropFirst(3))
        #expect(folded(apart).count == 3)
        #expect(folded(apart)[0].hasSuffix("3 × NAK") && folded(apart)[2].hasSuffix("77 × NAK"))
    }

    private func chosen(_ told: [SessionFollower.Told], _ choose: (inout StoryFilter) -> Void) -> [Int] {
        var filter = StoryFilter()
        choose(&filter)
        return told.indices.filter { filter.lets(told[$0]) }
    }

    @Test func eventsAreChosen() {
        let told = [
            event(.syncAnswer, at: 5_000_000_000), event(.xmodemACK, at: 6_000_000_000),
            mark("power is Off", at: 7_000_000_000), event(.xmodemNAK, at: 8_000_000_000),
        ]
        #expect(chosen(told) { $0.from = 1_000_000_000 } == [1, 2, 3], "since the first, whether or not it is told")
        #expect(chosen(told) { $0.to = 2_000_000_000 } == [0, 1, 2])
        #expect(chosen(told) { $0.kinds = ["note", "xmodem-nak"] } == [2, 3])
        #expect(chosen(told) { $0.text = "OFF" } == [2])
        #expect(chosen(told) { $0.text = "ack" } == [1])
        #expect(chosen(told) { _ in } == [0, 1, 2, 3])
        // Times that no clock has.
        #expect(chosen([event(.xmodemACK, at: .min), event(.xmodemACK, at: .max)]) { $0.from = 1 } == [])
    }

    /// Every kind that a session can have may be named.
    @Test(arguments: [
        SessionEvent.Kind.syncWord, .syncAnswer, .amtWord(digit: nil), .amtAnswer(accepted: true), .filler,
        .headerAnswer(accepted: true), .payload(done: 1, total: 1), .pieceAnswer(number: 1, total: 1), .xmodemReady,
        .xmodemACK,
        .xmodemNAK, .xmodemEOT, .xmodemCancel, .xmodemCancelMark, .text([]), .noise, .cutOff(expected: 1),
        .request(StubRequestSummary(.flashID)),
        .request(StubRequestSummary(.flashDownload, .data(count: 1, again: false))),
        .answer(StubAnswerSummary(.erase, .success)),
    ])
    func everyKindHasAName(kind: SessionEvent.Kind) {
        #expect(StoryFilter.allKinds.contains(kind.name))
    }
}
