import Line
import Testing
import Trace
import USBExport

/// Trace formats §B.6, PL2303 and CDC-ACM.
@Suite struct LineCodingRequestTests {
    /// "00 10 0E 00 00 00 08 = 921600 8N1" (§B.9).
    @Test(arguments: [USBExportKind.Adapter.pl2303, .pl2303TA, .cdcACM])
    func lineCoding(adapter: USBExportKind.Adapter) {
        #expect(
            Exported.requests(
                adapter, .baud(.host, bitsPerSecond: 921_600),
                .frameFormat(.host, FrameFormat(dataBits: 7, parity: .even, stopBits: .two)),
                .controlLines([.dataTerminalReady, .requestToSend]), .controlLines([.requestToSend]), .breakSent) == [
                    "21 20 00 00 00 00 07 00 00 10 0E 00 00 00 08", "21 20 00 00 00 00 07 00 00 10 0E 00 02 02 07",
                    "21 22 03 00 00 00 00 00", "21 22 02 00 00 00 00 00",
                    "21 23 FF FF 00 00 00 00", "21 23 00 00 00 00 00 00",
                ])
    }

    /// 12 MHz · 32 / (mantissa · 4^exponent): 250000 = 384·4 under 384 MHz; TA 1536 · 2⁰, 1920 · 2¹ and 1282 · 2².
    @Test(arguments: [
        (USBExportKind.Adapter.pl2303, 250_000, "80 03 00 80"), (.pl2303TA, 250_000, "00 06 00 80"),
        (.pl2303TA, 100_000, "80 07 01 80"), (.pl2303TA, 74_880, "02 25 00 80"),
        (.pl2303, 74_880, "41 05 00 80"),
    ])
    func divisors(adapter: USBExportKind.Adapter, baud: UInt32, field: String) {
        #expect(
            Exported.requests(adapter, .baud(.host, bitsPerSecond: baud)) == [
                "21 20 00 00 00 00 07 00 \(field) 00 00 08"
            ])
    }

    /// "interrupt IN byte[8]: 01 DCD, 02 DSR, 04 brk, 08 RI, 10 FE, 20 PE, 40 OE, 80 CTS".
    @Test func stateOfPL2303() {
        let exported = Exported(
            .pl2303,
            [
                .controlLines([.clearToSend, .dataSetReady]), .receiveError(.chipToHost, .framing, count: 2),
                .receiveError(.chipToHost, .overrun, count: 1),
            ])
        #expect(
            exported.completed(0x81) == ["82", "92", "92", "C2"].map { "A1 20 00 00 00 00 02 00 \($0) 00" })
    }

    /// "notify A1/20 SERIAL_STATE u16", without CTS.
    @Test func stateOfCDC() {
        let exported = Exported(
            .cdcACM,
            [
                .controlLines([.carrierDetect, .ring]), .controlLines([.carrierDetect, .ring, .clearToSend]),
                .receiveError(.chipToHost, .break, count: 1), .receiveError(.chipToHost, .parity, count: 1),
            ])
        #expect(
            exported.completed(0x83) == ["09", "0D", "29"].map { "A1 20 00 00 00 00 02 00 \($0) 00" })
        #expect(exported.summary.remarks == ["CTS: CDC-ACM has no bit for it"])
    }

    @Test func aFormatWaitsForTheRate() {
        let format = FrameFormat(dataBits: 8, parity: .odd, stopBits: .oneAndAHalf)
        #expect(
            Exported.requests(.cdcACM, .frameFormat(.host, format), .baud(.host, bitsPerSecond: 9600)) == [
                "21 20 00 00 00 00 07 00 80 25 00 00 01 01 08"
            ])
    }
}
