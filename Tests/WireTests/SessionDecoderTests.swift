import GoldenSessions
import Line
import Testing
import Wire

/// The eight recorded sessions, each event of them.
@Suite struct SessionDecoderTests {
    static let good = ["write-64k", "read-64k", "erase", "efuse", "sync-no-answer", "write-64k-one-bit-corrupt"]
    static let failed = ["fail-read-lost-eot-ack", "fail-write-no-100ms-gap"]
    private static let start = [
        "FLASH ID", "sync word", "sync answer", "download header 0x10000 +26096", "header accepted",
        "payload, 26096 bytes", "FLASH ID", "FLASH ID 1560EB (2 MB)",
    ]
    private static let fast = ["BAUD 921600", "BAUD ack status 0"]
    private static let slow = ["BAUD 115200", "BAUD ack status 0"]

    @Test func write() throws {
        let events = try GoldenSession("write-64k").events().map(\.description)
        let blocks = (1...64).flatMap { ["block \($0)", "ACK"] }
        #expect(
            events == Self.start + Self.fast
                + ["XMODEM write 0x10000 +65536", "XMODEM write ack status 0", "C (receiver ready)"] + blocks
                + ["EOT", "ACK", "SHA256 0x10000 +65536", events[events.count - 3]] + Self.slow)
        #expect(events[events.count - 3].hasPrefix("SHA256 10145f9dbae8"))
    }

    @Test func read() throws {
        let events = try GoldenSession("read-64k").events().map(\.description)
        let blocks = (1...64).flatMap { ["block \($0)", "ACK"] }
        #expect(
            events == Self.start + Self.fast
                + ["XMODEM read 0x10000 +65536", "XMODEM read ack status 0", "C (receiver ready)"] + blocks
                + ["EOT", "ACK", "SHA256 0x10000 +65536", events[events.count - 3]] + Self.slow)
    }

    @Test func eraseAndEFuse() throws {
        #expect(
            try GoldenSession("erase").events().map(\.description)
                == Self.start + ["ERASE 0x10000 +131072", "ERASE ack status 0"])
        #expect(
            try GoldenSession("efuse").events().map(\.description)
                == Self.start + Self.fast + ["EFUSE dump", "EFUSE dump 128 bytes"] + Self.slow)
    }

    @Test func syncWithoutAnswer() throws {
        let events = try GoldenSession("sync-no-answer").events().map(\.description)
        #expect(events == ["FLASH ID"] + [String](repeating: "sync word", count: 163))
    }

    @Test func repeatedBlock() throws {
        let events = try GoldenSession("write-64k-one-bit-corrupt").events().map(\.description)
        let nak = try #require(events.firstIndex(of: "NAK"))
        #expect(Array(events[(nak - 1)...(nak + 2)]) == ["block 4", "NAK", "block 4 again", "ACK"])
        #expect(events.count { $0 == "NAK" } == 1)
        #expect(events.count { $0.hasPrefix("block ") } == 65)
    }

    /// The host's last ACK was lost; the frame it sent next is still a request, and the chip repeats its EOT.
    @Test func lostACK() throws {
        let events = try GoldenSession("fail-read-lost-eot-ack").events().map(\.description)
        #expect(
            events.suffix(12) == ["ACK", "EOT", "SHA256 0x10000 +65536"] + [String](repeating: "EOT", count: 9))
        #expect(events.count { $0.hasPrefix("block ") } == 64)
        #expect(!events.contains { $0.hasPrefix("noise") })
    }

    @Test func noGap() throws {
        let events = try GoldenSession("fail-write-no-100ms-gap").events().map(\.description)
        #expect(
            events == Self.start + Self.fast
                + ["XMODEM write 0x10000 +65536", "XMODEM write ack status 0", "C (receiver ready)", "EOT", "ACK"]
                + Self.slow)
    }

    @Test(arguments: good + failed)
    func everyByteHasAName(_ name: String) throws {
        let session = try GoldenSession(name)
        let events = session.events()
        expectPartition(events, of: session.runs)
        #expect(!events.contains { $0.kind == .noise })
        let stamps = Set(session.runs.map(\.nanoseconds))
        #expect(events.allSatisfy { stamps.contains($0.start) && stamps.contains($0.end) && $0.start <= $0.end })
    }

    @Test(arguments: good + failed, [1, 7, 3000])
    func chunkingDoesNotMatter(_ name: String, _ limit: Int) throws {
        let session = try GoldenSession(name)
        var generator = SplitMix64(seed: UInt64(limit))
        let cut = cut(session.runs, limit, &generator)
        #expect(unstamped(GoldenSession.events(of: cut)) == unstamped(session.events()))
    }
}

/// Bytes nobody meant.
@Suite struct SessionDecoderNoiseTests {
    /// The seed is the test's argument.
    @Test(arguments: UInt64(0)..<60)
    func randomInput(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let runs = (0..<60).map { index in
            GoldenSession.Run(
                nanoseconds: Int64(index), direction: generator.next(below: 2) == 0 ? .hostToChip : .chipToHost,
                bytes: randomBytes(meaning: seed, &generator))
        }
        let events = GoldenSession.events(of: runs)
        expectPartition(events, of: runs)
        #expect(events.allSatisfy { $0.byteCount <= 65542 + 1024 || $0.kind.name == "payload" })
        let cut = cut(runs, seed % 2 == 0 ? 1 : 50, &generator)
        #expect(unstamped(GoldenSession.events(of: cut)) == unstamped(events))
    }

    /// Random bytes, `meaning` of 60 of them pieces that mean something.
    private func randomBytes(meaning: UInt64, _ generator: inout SplitMix64) -> [UInt8] {
        let pieces: [[UInt8]] = [
            [0xA5], [0x5A], [0x5A, 0x03, 0, 0], [0x02, 0x01, 0xFE], BootProtocol.syncWord, BootProtocol.amtWord, [0x01],
            [0],
            [0xFF], [0x06], [0x15], [0x04], [0x18], [0x43], StubRequest(.xmodemWrite, address: 0, length: 4096).bytes,
            StubRequest(.xmodemRead, address: 0, length: 4096).bytes, StubRequest(.xmodemWriteCompressed).bytes,
            StubRequest(.flashUpload, address: 0, length: 100_000).bytes, DownloadHeader(length: 300).bytes,
            StubRequest(.flashDownload, address: 0, length: 20).bytes, StubAnswer(.flashUpload, data: [1, 2, 3]).bytes,
            [0xA5, 0x02, 0x40, 0x00], Array("hcrc err\n".utf8), StubAnswer(.syn).bytes, [0x63, 0x6E],
            [UInt8](repeating: 0, count: 8),
        ]
        return (0...generator.next(below: 60)).flatMap { _ -> [UInt8] in
            generator.next(below: 60) >= meaning
                ? generator.bytes(1) : pieces[Int(generator.next(below: UInt64(pieces.count)))]
        }
    }

    /// A block that lost bytes: the repetition after the NAK is whole again.
    @Test func shortenedBlock() {
        var block: [UInt8] = []
        XMODEM.appendBlock(number: 1, data: [UInt8](repeating: 9, count: 1024).span, to: &block)
        let events = GoldenSession.events(of: [
            .init(
                nanoseconds: 0, direction: .hostToChip, bytes: StubRequest(.xmodemWrite, address: 0, length: 1024).bytes
            ),
            .init(nanoseconds: 1, direction: .chipToHost, bytes: StubAnswer(.xmodemWrite).bytes + [XMODEM.ready]),
            .init(nanoseconds: 2, direction: .hostToChip, bytes: Array(block[..<700])),
            .init(nanoseconds: 3, direction: .chipToHost, bytes: [XMODEM.nak]),
            .init(nanoseconds: 4, direction: .hostToChip, bytes: block),
        ])
        #expect(
            events.map(\.description) == [
                "XMODEM write 0x0 +1024", "XMODEM write ack status 0", "C (receiver ready)", "NAK",
                "cut off, 700 of 1029 bytes", "block 1",
            ])
    }

    @Test func hostileHeadsDoNotHang() {
        let heads = (0..<60_000).flatMap { _ -> [UInt8] in [0xA5, 0x02, 0x01, 0x20] }
        let answers = (0..<60_000).flatMap { _ -> [UInt8] in [0x5A, 0x03, 0xFF, 0x00] }
        let runs = [
            GoldenSession.Run(nanoseconds: 0, direction: .hostToChip, bytes: heads),
            GoldenSession.Run(nanoseconds: 1, direction: .chipToHost, bytes: answers),
        ]
        expectPartition(GoldenSession.events(of: runs), of: runs)
    }
}

/// Every byte in exactly one event, in order.
func expectPartition(_ events: [SessionEvent], of runs: [GoldenSession.Run]) {
    for direction in Direction.allCases {
        var offset = 0
        for event in events where event.direction == direction {
            #expect(event.offset == offset && event.byteCount > 0)
            offset = event.offset + event.byteCount
        }
        #expect(offset == runs.reduce(0) { $0 + ($1.direction == direction ? $1.bytes.count : 0) })
    }
}

/// The same bytes in the same order in runs of at most `limit` bytes.
func cut(_ runs: [GoldenSession.Run], _ limit: Int, _ generator: inout SplitMix64) -> [GoldenSession.Run] {
    runs.flatMap { run in
        var pieces: [GoldenSession.Run] = []
        var rest = run.bytes[...]
        while !rest.isEmpty {
            let count = 1 + Int(generator.next(below: UInt64(limit)))
            pieces.append(
                .init(nanoseconds: run.nanoseconds, direction: run.direction, bytes: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}

func unstamped(_ events: [SessionEvent]) -> [SessionEvent] {
    events.map { event in
        var event = event
        (event.start, event.end) = (0, 0)
        return event
    }
}
