import Line
import Testing
import Trace
import USBExport

/// Trace formats §B.6, CH340/CH341.
@Suite struct CH340RequestTests {
    @Test func itIsAskedForItsVersionAndStarted() {
        let requests = Exported(.ch340, []).records.filter(\.isRequest).map { hex($0.data) }
        #expect(requests.suffix(2) == ["C0 5F 00 00 00 00 02 00", "40 A1 00 00 00 00 00 00"])
    }

    /// "115200 → 0xCC83"; the bytes of other rates are those of WCH's drivers in the same section, with bit 7.
    @Test(arguments: [
        (115_200, "83 CC"), (921_600, "87 F3"), (2_000_000, "83 FD"), (3_000_000, "83 FE"), (9600, "82 B2"),
    ])
    func rates(baud: UInt32, index: String) {
        #expect(
            Exported.requests(.ch340, .baud(.host, bitsPerSecond: baud)) == ["40 9A 12 13 \(index) 00 00"])
    }

    /// (hi << 8) | 0x88 | (fact << 2 | ps) beside (LCR << 8) | 0x9C, for "115200 = 0xCC/3; 0xF3/7; 0xFD/3; 0xFE/3; 0xB2/2".
    @Test(arguments: [
        (115_200, "8B CC"), (921_600, "8F F3"), (2_000_000, "8B FD"), (3_000_000, "8B FE"), (9600, "8A B2"),
    ])
    func ratesOfTheVendor(baud: UInt32, index: String) {
        #expect(
            Exported.requests(.ch340Vendor, .baud(.host, bitsPerSecond: baud)) == ["40 A1 9C C3 \(index) 00 00"])
    }

    /// 1532620800 / 115200 = 13304 = 0x10000 − 0xCC08; 1532620800 / 300 / 8² = 79824 > 0xFFFF, so / 8³ = 9978 = 0x10000 −
    /// 0xD906.
    @Test func ratesOfOlderDrivers() {
        #expect(
            Exported.requests(.ch340Factor, .baud(.host, bitsPerSecond: 115_200)) == [
                "40 9A 12 13 03 CC 00 00", "40 9A 2C 0F 08 00 00 00",
            ])
        #expect(
            Exported.requests(.ch340Factor, .baud(.host, bitsPerSecond: 300)) == [
                "40 9A 12 13 00 D9 00 00", "40 9A 2C 0F 06 00 00 00",
            ])
    }

    @Test(arguments: [
        (FrameFormat(dataBits: 8, parity: .none, stopBits: .one), "C3"),
        (FrameFormat(dataBits: 8, parity: .odd, stopBits: .one), "CB"),
        (FrameFormat(dataBits: 7, parity: .even, stopBits: .two), "DE"),
        (FrameFormat(dataBits: 8, parity: .mark, stopBits: .one), "EB"),
        (FrameFormat(dataBits: 5, parity: .space, stopBits: .one), "F8"),
    ])
    func formats(format: FrameFormat, lineControl: String) {
        #expect(Exported.requests(.ch340, .frameFormat(.host, format)) == ["40 9A 18 25 \(lineControl) 00 00 00"])
        // With the rate, in one request.
        #expect(
            Exported.requests(.ch340Vendor, .frameFormat(.host, format), .baud(.host, bitsPerSecond: 115_200)) == [
                "40 A1 9C \(lineControl) 8B CC 00 00"
            ])
    }

    /// Inverted; bit 5 DTR, bit 6 RTS.
    @Test(
        arguments: [
            ([], "FF FF"), ([.dataTerminalReady], "DF FF"), ([.requestToSend], "BF FF"),
            ([.dataTerminalReady, .requestToSend], "9F FF"),
        ] as [(ControlLines, String)])
    func lines(lines: ControlLines, value: String) {
        #expect(Exported.requests(.ch340, .controlLines(lines)) == ["40 A4 \(value) 00 00 00 00"])
    }

    /// 4 bytes, of which the complement of byte 2 has 1 CTS, 2 DSR, 4 RI, 8 DCD.
    @Test(
        arguments: [
            ([.clearToSend], 0xFE), ([.dataSetReady], 0xFD), ([.ring], 0xFB), ([.carrierDetect], 0xF7),
        ] as [(ControlLines, UInt8)])
    func inputs(lines: ControlLines, status: UInt8) {
        let told = Exported(.ch340, [.controlLines(lines)]).records.filter { $0.endpoint == 0x81 && $0.isCompletion }
        #expect(told.map { $0.data.count } == [4] && told.first?.data[2] == status)
    }

    /// Bit 0 of register 05 and 0x40 of the line control go, and come back.
    @Test func breaks() {
        #expect(
            Exported.requests(.ch340, .breakSent) == [
                "C0 95 05 18 00 00 02 00", "40 9A 05 18 00 83 00 00", "40 9A 05 18 01 C3 00 00",
            ])
    }

    @Test func whatItCannotSayIsTold() {
        let summary = Exported(
            .ch340,
            [
                .baud(.host, bitsPerSecond: 691_200), .baud(.host, bitsPerSecond: 6_000_001), .flushed(.both),
                .flushed(.input), .receiveError(.chipToHost, .framing, count: 7),
                .frameFormat(.host, FrameFormat(dataBits: 8, parity: .none, stopBits: .oneAndAHalf)), .portOpened,
            ]
        ).summary
        // 12 MHz / 17 = 705882, 6 MHz / 9 = 666667.
        #expect(
            summary.remarks == [
                "rate 691200: a CH340 makes 705882 of it", "rate 6000001: a CH340 makes 46 to 3000000",
                "flushes: a CH340 has no request for them (2 times)",
                "framing errors: a CH340 does not report them (7 times)",
                "frame format 8N1.5: a CH340 has none such",
                "the opening of the port: a CH340 is not told of it",
            ])
    }

    /// A format that is told with a rate, and no rate comes.
    @Test func aFormatWithoutARate() {
        let format = FrameFormat(dataBits: 7, parity: .even, stopBits: .one)
        let exported = Exported(.ch340Vendor, [.frameFormat(.host, format)])
        #expect(exported.summary.remarks == ["frame format 7E1: a CH340 is told it with a rate, and none is set"])
        #expect(exported.records == Exported(.ch340Vendor, []).records)
    }
}
