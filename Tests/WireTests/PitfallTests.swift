import GoldenSessions
import Line
import Testing
import Wire
import Words

/// What a chip makes of the commonest mistakes. Bytes are those of the facts, which name them in hexadecimal; arrows of the
/// texts: > from host to chip, < from chip to host.
@Suite struct PitfallTests {
    /// A session: a line for each message.
    private func pitfalls(_ session: [String]) -> [Pitfall?] { events(session).map(\.pitfall) }

    private func events(_ session: [String], cutTo limit: Int = .max) -> [SessionEvent] {
        let runs = session.enumerated().flatMap { index, line -> [GoldenSession.Run] in
            let bytes = line.dropFirst(2).split(separator: " ").compactMap { UInt8($0, radix: 16) }
            return stride(from: 0, to: bytes.count, by: min(limit, bytes.count)).map {
                .init(
                    nanoseconds: Int64(index), direction: line.hasPrefix(">") ? .hostToChip : .chipToHost,
                    bytes: Array(bytes[$0..<min(bytes.count, $0 + min(limit, bytes.count))]))
            }
        }
        return GoldenSession.events(of: runs)
    }

    private static let header = "> 01 00 00 00 00 00 01 00 00 01 00 00"

    /// §13.10: the ROM finds the sync word in the SYN frame, answers 01 and takes what follows for a header.
    @Test func aSynFrameAtAROM() {
        let found = events([
            "> A5 00 04 00 63 6E 79 73 66", "< 01", "> 63 6E 79 73", "> 63 6E 79 73", "> 63 6E 79 73", "< FF",
        ])
        #expect(found.map(\.description).prefix(2) == ["SYN", "sync answer"])
        #expect(found[1].pitfall == .synFrameAtLoader)
        // §1.4: a stream of sync words gives one FF for twelve bytes; the host takes it for an answer.
        #expect(found.last?.kind == .headerAnswer(accepted: false))
        #expect(found.last?.pitfall == .refusalIsNoSyncAnswer)
    }

    /// The ROM answers when the word has come, which is a byte before the frame's end.
    @Test func theAnswerComesBeforeTheFramesEnd() {
        let found = events(["> A5 00 04 00 63 6E 79 73", "< 01", "> 66"])
        #expect(found.map(\.description) == ["sync answer", "SYN"])
        #expect(found[0].pitfall == .synFrameAtLoader)
    }

    /// §4.2: a stub's answer to SYN is none of it.
    @Test func aSynFrameAtAStub() {
        #expect(
            pitfalls(["> A5 00 04 00 63 6E 79 73 66", "< 5A 00 00 00 00 00", "> A5 90 00 00 35"]) == [nil, nil, nil])
    }

    /// §1.4: the loader reads twelve bytes, with no way to begin anew.
    @Test(arguments: [1, 3, Int.max])
    func aHeaderFromTheWrongByte(limit: Int) {
        let found = events(["> 63 6E 79 73", "< 01", "> 63 6E 79 73", Self.header, "< FF", Self.header], cutTo: limit)
        #expect(
            found.map(\.description) == [
                "sync word", "sync answer", "sync word", "download header 0x10000 +256", "header refused",
                "download header 0x10000 +256",
            ])
        #expect(
            found.map(\.pitfall) == [
                nil, nil, nil, .headerFromWrongByte(behind: 4), nil, .headerFromWrongByte(behind: 4),
            ])
    }

    /// The refusal comes when the chip has its twelve, which is in the middle of the header.
    @Test func theRefusalComesBeforeTheHeadersEnd() {
        let found = events([
            "> 63 6E 79 73", "< 01", "> 63 6E 79 73 01 00 00 00 00 00 01 00", "< FF", "> 00 01 00 00",
            "> 00 00 00 00 00 00 00 00", "< FF", Self.header, "< 00",
        ])
        #expect(found.compactMap(\.pitfall) == [.headerFromWrongByte(behind: 4)])
        #expect(found.suffix(2).map(\.description) == ["download header 0x10000 +256", "header accepted"])
    }

    /// A word that crossed the answer is in front of it in the trace, and behind it to the chip.
    @Test func aRightHeaderIsRefused() {
        let found = events(["> 63 6E 79 73", "> 63 6E 79 73", "< 01", Self.header, "< FF"])
        #expect(found.compactMap(\.pitfall) == [.rightHeaderRefused])
    }

    /// What a bad line did to a header is the reason for its refusal, and no mistake of the host's.
    @Test func aSpoiledHeaderIsNoMistake() {
        var decoder = SessionDecoder()
        let header = Self.header.dropFirst(2).split(separator: " ").compactMap { UInt8($0, radix: 16) }
        let (found, refusal): ([UInt8], [UInt8]) = ([0x01], [0xFF])
        let word = BootProtocol.syncWord
        decoder.feed(word.span, .hostToChip, stamp: 0)
        decoder.feed(found.span, .chipToHost, stamp: 1)
        decoder.noteSpoiled(6..<8)
        decoder.feed(header.span, .hostToChip, stamp: 2)
        decoder.feed(refusal.span, .chipToHost, stamp: 3)
        var told: [SessionEvent] = []
        while let event = decoder.nextEvent() { told.append(event) }
        #expect(told.last?.description == "header refused")
        #expect(told.allSatisfy { $0.pitfall == nil })
    }

    @Test func aHeaderBehindTheAnswerIsRight() {
        #expect(pitfalls(["> 63 6E 79 73", "> 63 6E 79 73", "< 01", Self.header, "< 00"]).allSatisfy { $0 == nil })
        // Twelve bytes refused, and twelve more: the loader counts anew.
        #expect(
            pitfalls(["> 63 6E 79 73", "< 01", "> 63 6E 79 73 63 6E 79 73 63 6E 79 73", "< FF", Self.header, "< 00"])
                == [nil, nil, nil, nil, nil, .refusalIsNoSyncAnswer, nil, nil])
    }

    /// §1.4: a type other than 1 is refused.
    @Test func aHeaderOfAnotherType() {
        #expect(
            pitfalls(["> 63 6E 79 73", "< 01", "> 02 00 00 00 00 00 01 00 00 01 00 00", "< FF"])
                == [nil, nil, nil, .headerOfOtherType(2)])
    }

    /// FF never answers a sync word: a loader that is synchronised already has read it as a header (§1.4).
    @Test func refusedSyncWordsAreNoAnswer() {
        let found = events(["> 63 6E 79 73 63 6E 79 73 63 6E 79 73", "< FF", Self.header, "< 00"])
        #expect(
            found.dropFirst(3).map(\.description) == [
                "header refused", "download header 0x10000 +256", "header accepted",
            ])
        #expect(found[3].pitfall == .refusalIsNoSyncAnswer)
    }

    /// §11.1: zeros bring the loader into step; their FF is what the host waits for.
    @Test func aRefusalOfZerosIsMeant() {
        let zeros = "> 00 00 00 00 00 00 00 00"
        #expect(events(["> 63 6E 79 73", "< 01", zeros, zeros, "< FF"]).compactMap(\.pitfall) == [])
    }

    /// The twelfth byte is in the middle of a word.
    @Test func aRefusalInsideAWord() {
        let found = events([
            "> A5 00 04 00 63 6E 79 73 66", "< 01", "> 63 6E 79 73", "> 63 6E 79 73", "> 63 6E 79", "< FF", "> 73",
        ])
        #expect(found.compactMap(\.pitfall) == [.synFrameAtLoader, .refusalIsNoSyncAnswer])
    }

    // MARK: Downloads by frames, §4.3

    /// 02 at 0x9000, 16 bytes, in two frames.
    private static let start = "> " + hexBytes(StubRequest(.flashDownload, address: 0x9000, length: 16).bytes)
    private static let ack = "< 5A 02 00 00 00 5C"
    private static let badSum = "< 5A 02 00 00 05 61"

    private func frame(_ flag: UInt8, _ byte: UInt8, sumIsRight: Bool = true) -> String {
        var bytes = StubRequest(.flashDownload, body: [flag] + [UInt8](repeating: byte, count: 8)).bytes
        if !sumIsRight { bytes[bytes.count - 1] ^= 0x40 }
        return "> " + hexBytes(bytes)
    }

    /// A frame with a bad sum is written and counted; the host must resend it with flag 1.
    @Test func newDataAfterABadSum() {
        #expect(
            pitfalls([Self.start, Self.ack, frame(0, 1), Self.badSum, frame(0, 2), Self.ack])
                == [nil, nil, nil, nil, .newDataAfterBadSum, nil])
        #expect(
            pitfalls([
                Self.start, Self.ack, frame(0, 1, sumIsRight: false), Self.badSum, frame(1, 1), Self.ack, frame(0, 2),
                Self.ack,
            ]).allSatisfy { $0 == nil })
    }

    /// The length has run out with the last frame: flag and seven data bytes are a start's address and length.
    @Test func aResentLastFrame() {
        let found = events([
            Self.start, Self.ack, frame(0, 1), Self.ack, frame(0, 2, sumIsRight: false), Self.badSum, frame(1, 2),
            Self.ack, frame(0, 3),
        ])
        #expect(
            found[6].pitfall == .dataReadAsStart(address: 0x0202_0201, length: 0x0202_0202))
        #expect(found[6].description == "data frame +8 again")
        #expect(found.filter { $0.pitfall != nil }.count == 1)
    }

    /// In 01 only the place goes back, not the count (facts §4.3): these four messages end the command.
    @Test func aResendIn01() {
        let found = events([
            "> A5 01 08 00 00 00 03 00 08 00 00 00 B9", "< 5A 01 00 00 00 5B", "> A5 01 05 00 00 41 42 43 44 B5",
            "< 5A 01 00 00 00 5B", "> A5 01 05 00 01 41 42 43 44 B6", "< 5A 01 00 00 00 5B",
            "> A5 01 09 00 00 41 42 43 44 41 42 43 44 C3",
        ])
        #expect(found.last?.description == "data frame +8")
        #expect(found.last?.pitfall == .dataReadAsStart(address: 0x4342_4100, length: 0x4342_4144))
    }

    /// A download takes its own frames only, and none of them is a start.
    @Test func aStartInADownload() {
        let found = events([Self.start, Self.ack, frame(0, 1), Self.ack, Self.start, Self.ack])
        #expect(found[4].description == "FLASH write 0x9000 +16")
        #expect(found[4].pitfall == .startReadAsData(missing: 8))
    }

    /// A chip that never answered has no download, as far as anybody knows.
    @Test func nobodyIsThere() {
        #expect(pitfalls([Self.start, Self.start, Self.start]) == [nil, nil, nil])
        #expect(pitfalls([Self.start, frame(0, 1), frame(0, 2), frame(1, 2)]) == [nil, nil, nil, nil])
    }

    /// §4.4: a start that is no multiple of 4 KB erases nothing, and the answer is success; 04 too.
    @Test func aMisalignedErase() {
        let erase = "> " + hexBytes(StubRequest(.erase, address: 0x1100, length: 0x1000).bytes)
        #expect(pitfalls([erase, "< 5A 04 00 00 00 5E"]) == [nil, .erasedNothing(address: 0x1100)])
        #expect(pitfalls([erase, "< 5A 04 00 00 02 60"]) == [nil, nil])
        let write = "> " + hexBytes(StubRequest(.flashDownload, address: 0x7004, length: 8).bytes)
        #expect(
            pitfalls([write, Self.ack, frame(0, 1), Self.ack]) == [nil, .erasedNothing(address: 0x7004), nil, nil])
        let aligned = "> " + hexBytes(StubRequest(.erase, address: 0x1000, length: 1).bytes)
        #expect(pitfalls([aligned, "< 5A 04 00 00 00 5E"]) == [nil, nil])
    }

    // MARK: XMODEM, §10

    private func block(_ number: UInt8) -> String {
        var bytes: [UInt8] = []
        XMODEM.appendBlock(number: number, data: [UInt8](repeating: number, count: 1024).span, to: &bytes)
        return "> " + hexBytes(bytes)
    }

    /// A repeated block is programmed again, one block further on, unless a NAK asked for it.
    @Test func aBlockTwice() {
        let begin = ["> " + hexBytes(StubRequest(.xmodemWrite, address: 0, length: 2048).bytes), "< 5A 91 00 00 00 EB"]
        let lost = begin + ["< 43", block(1), "< 06", block(2), block(2), "< 06", "> 04", "< 06"]
        #expect(events(lost).compactMap(\.pitfall) == [.blockTwice(2)])
        let refused = begin + ["< 43", block(1), "< 06", block(2), "< 15", block(2), "< 06", "> 04", "< 06"]
        #expect(events(refused).compactMap(\.pitfall) == [])
    }

    /// §10: 91 refuses blocks of 128 bytes, and does not look for CAN: bytes of such a block are not noise, and an 18 among
    /// them cancels nothing.
    @Test func aShortBlock() {
        let data = [UInt8](repeating: 0x18, count: 1) + [UInt8](repeating: 0x55, count: 127)
        let crc = CRC16.of(data.span)
        let short = [XMODEM.soh, 1, 0xFE] + data + [UInt8(crc >> 8), UInt8(truncatingIfNeeded: crc)]
        let begin = ["> " + hexBytes(StubRequest(.xmodemWrite, address: 0, length: 2048).bytes), "< 5A 91 00 00 00 EB"]
        let found = events(begin + ["< 43", "> " + hexBytes(short), "< 15", "< 15", block(1), "< 06"])
        #expect(found[3].description == "block 1 (128 bytes)")
        #expect(found.compactMap(\.pitfall) == [.shortBlock])
        #expect(found.last?.kind == .xmodemACK)
        // The rest of a block whose head was lost.
        let torn = events(begin + ["< 43", "> " + hexBytes([UInt8](short[2...9])), "< 15", block(1), "< 06"])
        #expect(!torn.contains { $0.kind == .xmodemCancel })
        #expect(torn.last?.kind == .xmodemACK)
        let cancelled = events(begin + ["< 43", block(1), "< 06", "> 18 18"])
        #expect(cancelled.suffix(2).map(\.kind) == [.xmodemCancel, .xmodemCancel])
    }

    /// §4.3: a download looks for its own frames; what else is asked is never answered.
    @Test func aCommandInADownload() {
        let erase = "> " + hexBytes(StubRequest(.erase, address: 0x1000, length: 0x1000).bytes)
        let found = events([Self.start, Self.ack, frame(0, 1), Self.ack, erase])
        #expect(found.compactMap(\.pitfall) == [.askedInDownload(.erase, missing: 8)])
        #expect(pitfalls([erase, "< 5A 04 00 00 00 5E"]) == [nil, nil])
    }

    /// Sessions that went well, and those that failed for other reasons.
    @Test(arguments: GoldenSession.names)
    func goldenSessionsHaveNone(name: String) throws {
        #expect(try GoldenSession(name).events().compactMap(\.pitfall) == [])
    }
}
