import Line
import Testing
import Trace

@Suite("RTAC serial header (trace formats §B.1)")
struct RTACHeaderTests {
    /// 1,700,000,000.123456789 s, DATA_TX_START, RTS and DTR: laid out by hand from §B.1.
    static let golden: [UInt8] = [
        0x65, 0x53, 0xF1, 0x00, 0x00, 0x01, 0xE2, 0x40, 0x01, 0x18, 0x00, 0x00,
    ]

    @Test func emitsTheTwelveBytesOfTheTable() {
        var bytes: [UInt8] = []
        RTACHeader(
            seconds: 1_700_000_000, microseconds: 123_456, event: .dataTransmitStart,
            lines: [.requestToSend, .dataTerminalReady]
        ).emit(into: &bytes)
        #expect(bytes == Self.golden)
    }

    @Test func parsesWhatItEmits() throws {
        let header = try RTACHeader(parsing: Self.golden.span)
        #expect(header.seconds == 1_700_000_000)
        #expect(header.microseconds == 123_456)
        #expect(header.event == .dataTransmitStart)
        #expect(header.lines == [.dataTerminalReady, .requestToSend])
        #expect(header.footer == 0)
    }

    @Test func aDataEventIsTheHeaderAndTheData() throws {
        var encoder = TraceEncoder(epoch: 1_700_000_000_000_000_000)
        var bytes: [UInt8] = []
        try encoder.encode(TraceEvent(.zero, .controlLines([.requestToSend, .dataTerminalReady])), into: &bytes)
        bytes = []
        let moment = Instant(nanoseconds: 123_456_789)
        let time = try encoder.encode(TraceEvent(moment, .data(.hostToChip, [0x63, 0x6E])), into: &bytes)
        #expect(bytes == Self.golden + [0x63, 0x6E])
        #expect(time == 1_700_000_000_123_456_789)
        bytes = []
        try encoder.encode(TraceEvent(moment, .data(.chipToHost, [0x01])), into: &bytes)
        #expect(bytes[8] == 0x02)
    }

    @Test(arguments: 0..<12)
    func aShortRecordIsAnError(count: Int) {
        let error = #expect(throws: TraceError.self) {
            try RTACHeader(parsing: Self.golden.span.extracting(first: count))
        }
        #expect(error?.code == .tooShort)
    }

    @Test(
        arguments: [
            (3, .data(.hostToChip, [7])), (4, .data(.chipToHost, [7])), (0, .controlLines(.dataSetReady)),
            (5, .note("CAPTURE_DATA_LOST, 1 byte of unknown direction: 07")),
            // Wireshark's serial adapter names every record so, data and all.
            (6, .note("CAPTURE_COMPLETE, 1 byte of unknown direction: 07")),
            (7, .note("FRAMING_ERROR, 1 byte of unknown direction: 07")),
            (77, .note("event 77, 1 byte of unknown direction: 07")),
        ] as [(UInt8, TraceEvent.Kind)])
    func foreignRecordsAreReadAsFarAsTheyGo(event: UInt8, kind: TraceEvent.Kind) throws {
        let header = RTACHeader(
            seconds: 0, microseconds: 0, event: RTACEvent(rawValue: event), lines: .dataSetReady)
        var decoder = TraceDecoder()
        #expect(try decoder.decode(header, payload: [7].span, at: .zero) == [TraceEvent(.zero, kind)])
    }
}
