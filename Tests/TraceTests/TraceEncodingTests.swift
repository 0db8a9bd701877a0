import Line
import Testing
import Trace

@Suite("Trace encoding")
struct TraceEncodingTests {
    static let session = SessionDescription(
        program: "solderless", programVersion: "0.1.0", clock: .virtual, seed: .max, epoch: 42,
        properties: [.init("chip", "ECR6600"), .init("", ""), .init("command line", "flash --to 0x0 \u{1F50C}")])

    static let kinds: [TraceEvent.Kind] = [
        .session(session), .data(.hostToChip, [0x63, 0x6E, 0x79, 0x73]), .data(.chipToHost, []),
        .baud(.host, bitsPerSecond: 921_600), .baud(.chip, bitsPerSecond: .max), .portOpened, .portClosed,
        .flushed(.input), .flushed(.output), .flushed(.both), .controlLines([.ring, .mainboardOK]), .breakSent,
        .frameFormat(.host, .eightNone1),
        .frameFormat(.chip, FrameFormat(dataBits: 7, parity: .space, stopBits: .oneAndAHalf)),
        .receiveError(.chipToHost, .framing, count: 1), .receiveError(.hostToChip, .parity, count: 7),
        .receiveError(.chipToHost, .overrun, count: .max), .receiveError(.chipToHost, .break, count: 0),
        .power(on: true), .power(on: false), .clockAhead(.milliseconds(2265)), .loader("community 1.0.0"), .loader(""),
        .lost(.chipToHost, count: 17, reason: "receive FIFO overran"), .lost(.hostToChip, count: .max, reason: ""),
        .garbled(.hostToChip, count: 4, sentAt: 115_200, receivedAt: 921_600), .fault("flipped bit 3"),
        .note("schläft"),
    ]

    @Test(arguments: kinds)
    func parseOfEmitIsTheEvent(kind: TraceEvent.Kind) throws {
        let event = TraceEvent(Instant(nanoseconds: 5_000_000_001), kind)
        let (header, payload, time) = try encoded(event)
        var decoder = TraceDecoder()
        #expect(try decoder.decode(header, payload: payload.span, at: Instant(nanoseconds: time)) == [event])
        #expect(decoder.skippedItemCount == 0)
    }

    /// docs/trace-format.md, items 0016 and 0017; trace formats §B.1 has the event types.
    @Test(
        arguments: [
            (
                .frameFormat(.host, FrameFormat(dataBits: 7, parity: .even, stopBits: .two)), 0x00,
                [0x00, 0x16, 0, 0, 0, 4, 0, 7, 2, 4]
            ),
            (
                .receiveError(.chipToHost, .framing, count: 3), 0x07,
                [0x00, 0x17, 0, 0, 0, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
            ),
            (
                .receiveError(.chipToHost, .parity, count: 1), 0x08,
                [0x00, 0x17, 0, 0, 0, 10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
            ),
            (
                .receiveError(.hostToChip, .overrun, count: 1), 0x0A,
                [0x00, 0x17, 0, 0, 0, 10, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]
            ),
            (
                .receiveError(.chipToHost, .break, count: 1), 0x09,
                [0x00, 0x17, 0, 0, 0, 10, 1, 3, 0, 0, 0, 0, 0, 0, 0, 1]
            ),
        ] as [(TraceEvent.Kind, UInt8, [UInt8])])
    func formatsAndErrorsAreItems(kind: TraceEvent.Kind, type: UInt8, item: [UInt8]) throws {
        let (header, payload, _) = try encoded(TraceEvent(.zero, kind))
        #expect(header.event.rawValue == type)
        #expect(payload == [0x53, 0x4C, 0x44, 0x52, 1, 2] + item)
    }

    @Test func randomEventsSurviveTheRoundTrip() throws {
        var random = Lehmer(seed: 1)
        for _ in 0..<2000 {
            let text = String(decoding: (0..<random.next(40)).map { _ in UInt8(random.next(128)) }, as: UTF8.self)
            let direction = Direction.allCases[random.next(2)]
            let kinds: [TraceEvent.Kind] = [
                .data(direction, (0..<random.next(2000)).map { _ in UInt8(random.next(256)) }),
                .baud(.allCases[random.next(2)], bitsPerSecond: UInt32(random.next(1 << 31))),
                .lost(direction, count: random.next(1 << 31), reason: text),
                .garbled(
                    direction, count: random.next(1000), sentAt: UInt32(random.next(1 << 31)),
                    receivedAt: UInt32(random.next(1 << 31))),
                .session(
                    SessionDescription(
                        program: text, programVersion: text, clock: .allCases[random.next(4)],
                        seed: random.next(2) == 0 ? nil : UInt64(random.next(1 << 31)),
                        epoch: Int64(random.next(1 << 31)),
                        properties: (0..<random.next(5)).map { _ in .init(text, text) })),
                .loader(text), .fault(text), .note(text),
            ]
            let event = TraceEvent(.zero, kinds[random.next(kinds.count)])
            let (header, payload, _) = try encoded(event)
            var decoder = TraceDecoder()
            #expect(try decoder.decode(header, payload: payload.span, at: .zero) == [event])
        }
    }

    @Test func aTraceIsWrittenInTheCurrentVersionWhateverItWasReadFrom() throws {
        var session = Self.session
        session.formatVersion = FormatVersion(1, 200)
        let (_, payload, _) = try encoded(TraceEvent(.zero, .session(session)))
        #expect(Array(payload[..<6]) == Array("SLDR".utf8) + [1, 2])
    }

    @Test func whatANewerMinorVersionAddsIsSkipped() throws {
        let note = Array("SLDR".utf8) + [1, 200] + item(0x7777, [1, 2, 3]) + item(0x40, Array("hello".utf8))
        let longer = item(0x20, [1, 99, 99])
        let session = item(0x01, item(0x0101, Array("later".utf8)) + item(0x01FF, [5]))
        var decoder = TraceDecoder()
        let header = RTACHeader(seconds: 0, microseconds: 0, event: .statusChange)
        let events = try decoder.decode(header, payload: (note + longer + session).span, at: .zero)
        let described = SessionDescription(
            program: "later", programVersion: "", clock: .line, records: .sent, formatVersion: FormatVersion(1, 200))
        #expect(events.map(\.kind) == [.note("hello"), .power(on: true), .session(described)])
        #expect(decoder.skippedItemCount == 2)
    }

    @Test func aNewerMajorVersionIsNamed() throws {
        var decoder = TraceDecoder()
        let header = RTACHeader(seconds: 0, microseconds: 0, event: .statusChange)
        let error = #expect(throws: TraceError.self) {
            try decoder.decode(header, payload: (Array("SLDR".utf8) + [9, 3]).span, at: .zero)
        }
        #expect(error?.code == .tooNew)
        #expect(error?.message.contains("9.3") == true)
    }

    @Test func randomAndBentPayloadsAreErrorsOrEvents() throws {
        var random = Lehmer(seed: 2)
        let header = RTACHeader(seconds: 0, microseconds: 0, event: .statusChange)
        for round in 0..<20_000 {
            var payload: [UInt8]
            if round % 2 == 0 {
                payload = Array("SLDR".utf8) + [1, 0] + (0..<random.next(60)).map { _ in UInt8(random.next(256)) }
            } else {
                payload = try encoded(TraceEvent(.zero, Self.kinds[random.next(Self.kinds.count)])).payload
                payload.removeLast(random.next(payload.count + 1))
                if !payload.isEmpty { payload[random.next(payload.count)] = UInt8(random.next(256)) }
            }
            var decoder = TraceDecoder()
            do {
                _ = try decoder.decode(header, payload: payload.span, at: .zero)
            } catch {
                #expect([.tooShort, .malformed, .tooNew].contains(error.code))
                #expect(error.offset.map { $0 <= payload.count + 12 } == true)
            }
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        var encoder = TraceEncoder(epoch: -1)
        var bytes: [UInt8] = []
        #expect(throws: TraceError.self) { try encoder.encode(TraceEvent(.zero, .portOpened), into: &bytes) }
        encoder = TraceEncoder(epoch: .max)
        #expect(throws: TraceError.self) {
            try encoder.encode(TraceEvent(Instant(nanoseconds: 1), .portOpened), into: &bytes)
        }
        encoder = TraceEncoder()
        let run = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: TraceError.self) {
            try encoder.encode(TraceEvent(.zero, .data(.hostToChip, run)), into: &bytes)
        }
        let essay = String(repeating: "x", count: 262_144)
        #expect(throws: TraceError.self) { try encoder.encode(TraceEvent(.zero, .note(essay)), into: &bytes) }
        #expect(bytes.isEmpty)
    }

    private func encoded(_ event: TraceEvent) throws -> (header: RTACHeader, payload: [UInt8], time: Int64) {
        var encoder = TraceEncoder()
        var bytes: [UInt8] = []
        let time = try encoder.encode(event, into: &bytes)
        return (try RTACHeader(parsing: bytes.span), Array(bytes[12...]), time)
    }

    private func item(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        [UInt8(type >> 8), UInt8(type & 0xFF), 0, 0, UInt8(value.count >> 8), UInt8(value.count & 0xFF)] + value
    }
}

/// Park and Miller's generator: the same sequence on every machine.
struct Lehmer {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// 0 to `bound` - 1.
    mutating func next(_ bound: Int) -> Int {
        state = state * 48271 % 0x7FFF_FFFF
        return Int(state % UInt64(bound))
    }
}
