import GoldenSessions
import Line
import Story
import Testing
import Wire

/// What is a transfer under way, and what only crosses the line.
@Suite struct TransferProgressTests {
    private func progress(_ events: [SessionEvent]) -> Int {
        var progress = TransferProgress()
        return events.reduce(0) { $0 + progress.note($1) }
    }

    private func event(_ direction: Direction, _ kind: SessionEvent.Kind, byteCount: Int = 1) -> SessionEvent {
        SessionEvent(direction: direction, offset: 0, byteCount: byteCount, start: 0, end: 0, kind: kind)
    }

    /// §1.4, §10: the stub, and 64 blocks.
    @Test func aWriteIsAllProgress() throws {
        #expect(progress(try GoldenSession("write-64k").events()) == 26096 + 65536)
        #expect(progress(try GoldenSession("sync-no-answer").events()) == 0)
    }

    /// §10: a block counts once it is acknowledged, and once.
    @Test func aBlockThatIsNotTakenIsNone() {
        let block = event(.hostToChip, .xmodemBlock(.init(number: 1)), byteCount: 1029)
        let again = event(.hostToChip, .xmodemBlock(.init(number: 1, isRepeated: true)), byteCount: 1029)
        let (ack, nak) = (event(.chipToHost, .xmodemACK), event(.chipToHost, .xmodemNAK))
        #expect(progress([block, again, again, nak]) == 0)
        #expect(progress([block, nak, again, ack]) == 1024)
        #expect(progress([block, ack, again, ack, again, ack]) == 1024)
    }

    /// §4.3: so does a data frame.
    @Test func aFrameThatIsNotTakenIsNone() {
        func data(again: Bool) -> SessionEvent {
            event(.hostToChip, .request(.init(.flashDownload, .data(count: 4096, again: again))), byteCount: 4106)
        }
        let (taken, refused) = (
            event(.chipToHost, .answer(.init(.flashDownload, .success))),
            event(.chipToHost, .answer(.init(.flashDownload, .checksum)))
        )
        #expect(progress([data(again: false), refused, data(again: true), refused]) == 0)
        #expect(progress([data(again: false), refused, data(again: true), taken, taken]) == 4096)
    }
}
