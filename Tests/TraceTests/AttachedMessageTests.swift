import Line
import Testing
import Trace

/// Messages of the preload library, byte by byte as tools/preload/attach/messages.h has them.
@Suite struct AttachedMessageTests {
    /// A message of /dev/ttyUSB0 (188:0) by descriptor 3, begun at 0x0102030405060708 ns and returned 16 ns later.
    private func message(
        _ kind: UInt8, _ detail: UInt8 = 0, error: UInt8 = 0, first: [UInt8] = [0, 0, 0, 0],
        second: [UInt8] = [0, 0, 0, 0], data: [UInt8] = []
    ) -> [UInt8] {
        [UInt8(40 + data.count), 0, kind, detail, 0, 0, 0xC0, 0x0B]
            + [0x18, 7, 6, 5, 4, 3, 2, 1] + [8, 7, 6, 5, 4, 3, 2, 1] + [3, 0, 0, 0] + [error, 0, 0, 0] + first + second
            + data
    }

    private func parsed(_ bytes: [UInt8]) throws -> AttachedMessage { try AttachedMessage(parsing: bytes[...]) }

    @Test func headers() throws {
        let read = try parsed(message(3, error: 5))
        #expect(read.time == 0x0102_0304_0506_0718)
        #expect(read.began == 0x0102_0304_0506_0708)
        #expect(read.device == TerminalDevice(major: 188, minor: 0))
        #expect(read.device.description == "188:0")
        #expect(read.descriptor == 3)
        #expect(read.error == 5)
    }

    @Test func kinds() throws {
        #expect(
            try parsed(message(1, first: [1, 0, 0, 0], second: [0xD2, 4, 0, 0], data: Array("/bin/x".utf8))).kind
                == .hello(process: 1234, program: "/bin/x"))
        #expect(try parsed(message(2, data: Array("/dev/ttyUSB0".utf8))).kind == .opened(path: "/dev/ttyUSB0"))
        #expect(try parsed(message(3)).kind == .closed)
        #expect(try parsed(message(4, data: [0x63, 0x6E])).kind == .data(.hostToChip, [0x63, 0x6E]))
        #expect(try parsed(message(5, data: [1])).kind == .data(.chipToHost, [1]))
        #expect(try parsed(message(7, 2)).kind == .flushed(.output))
        #expect(
            try parsed(message(8, 3, first: [6, 0, 0, 0])).kind
                == .lines(.release, [.dataTerminalReady, .requestToSend]))
        #expect(try parsed(message(9, 0)).kind == .breakSent)
        #expect(try parsed(message(9, 1)).kind == .breakSent)
        #expect(try parsed(message(9, 2)).kind == .breakEnded)
        #expect(try parsed(message(10, 0, error: 5)).kind == .failed(.chipToHost))
        #expect(try parsed(message(10, 1, error: 5)).kind == .failed(.hostToChip))
        let zeros = [UInt8](repeating: 0, count: 7)
        #expect(
            try parsed(message(11, data: [1] + zeros + [2] + zeros + [3] + zeros)).kind
                == .lost(sent: 1, received: 2, others: 3))
        #expect(try parsed(message(12)).kind == .streamed)
    }

    /// 921,600 baud is 0x000E1000. ICANON and OPOST are bits 0 and 7 from bit 16 on.
    @Test func settings() throws {
        let set = try parsed(message(6, 3, first: [0, 0x10, 0x0E, 0], second: [0x27, 4, 0x81, 0])).kind
        #expect(
            set
                == .settings(
                    .setAndFlushed,
                    PortSettings(
                        baud: 921_600, format: FrameFormat(dataBits: 7, parity: .even, stopBits: .two),
                        mode: [.canonical, .processesOutput])))
    }

    @Test func damageIsNamed() {
        let good = message(4, data: [1])
        for (bytes, words) in [
            (Array(good.prefix(39)), "39 bytes"), (good + [0], "cut off"), (message(4), "without a byte"),
            (message(0), "kind 0"), (message(13), "kind 13"), (message(7), "kind 7 with detail 0"),
            (message(8, 4), "kind 8 with detail 4"), (message(9, 3), "kind 9"), (message(10, 2), "kind 10"),
            (message(6, 4, second: [8, 2, 0, 0]), "kind 6"), (message(6, second: [4, 2, 0, 0]), "settings that no"),
            (message(6, second: [0x58, 2, 0, 0]), "settings that no"),
            (message(6, second: [8, 1, 0, 0]), "settings that no"),
            (message(11, data: [1]), "a loss of 1 bytes"), (message(1, first: [9, 0, 0, 0]), "version 9"),
        ] {
            #expect { try parsed(bytes) } throws: { "\($0)".contains(words) }
        }
    }

    @Test(arguments: [1, 2, 3, 39, 40, 41, 1000]) func anyChunkingGivesTheSame(size: Int) throws {
        let whole = [message(4, data: [1, 2, 3]), message(3), message(2, data: [0x2F]), message(5, data: [9])]
        let bytes = whole.flatMap(\.self)
        var messages = AttachedMessages()
        var read: [AttachedMessage] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            messages.append(bytes[start..<min(bytes.count, start + size)])
            while let message = try messages.next() { read.append(message) }
        }
        #expect(try read == whole.map(parsed))
    }

    @Test(arguments: [0, 39, 4097, 65_535]) func impossibleLengthsEndIt(length: Int) {
        var messages = AttachedMessages()
        messages.append(([UInt8(length & 0xFF), UInt8(length >> 8)] + [UInt8](repeating: 0, count: 40))[...])
        #expect(throws: AttachedDamage.self) { try messages.next() }
    }

    /// Whatever comes, it is read or refused.
    @Test func noBytesCrashIt() {
        var random = SplitMix64(seed: 1)
        let seeds = [
            message(6, second: [8, 2, 0, 0]), message(11, data: .init(repeating: 255, count: 24)), message(1),
        ]
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            var messages = AttachedMessages()
            messages.append(bytes[...])
            while let message = try? messages.next() { _ = message }
        }
    }
}
