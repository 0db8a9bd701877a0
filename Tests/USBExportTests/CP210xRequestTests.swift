import Line
import Testing
import Trace
import USBExport

/// Trace formats §B.6, CP210x.
@Suite struct CP210xRequestTests {
    @Test func requests() {
        #expect(
            Exported.requests(
                .cp210x, .portOpened, .baud(.host, bitsPerSecond: 921_600), .frameFormat(.host, .eightNone1),
                .frameFormat(.host, FrameFormat(dataBits: 7, parity: .even, stopBits: .two)),
                .controlLines([.dataTerminalReady, .requestToSend]), .controlLines([.dataTerminalReady]),
                .breakSent, .flushed(.both), .flushed(.input), .flushed(.output), .portClosed) == [
                    "41 00 01 00 00 00 00 00",
                    "41 1E 00 00 00 00 04 00 00 10 0E 00",
                    "41 03 00 08 00 00 00 00", "41 03 22 07 00 00 00 00",
                    // Both at once, then RTS alone.
                    "41 07 03 03 00 00 00 00", "41 07 00 02 00 00 00 00",
                    "41 05 01 00 00 00 00 00", "41 05 00 00 00 00 00 00",
                    "41 12 0F 00 00 00 00 00", "41 12 0A 00 00 00 00 00", "41 12 05 00 00 00 00 00",
                    "41 00 00 00 00 00 00 00",
                ])
    }

    /// As they are until events are asked for, and escaped from then on.
    @Test func embeddedEvents() {
        let exported = Exported(
            .cp210x,
            [
                .data(.chipToHost, [0x01, 0xEC]), .controlLines([.clearToSend, .carrierDetect]),
                .data(.chipToHost, [0x01, 0xEC]), .receiveError(.chipToHost, .framing, count: 2),
                .receiveError(.chipToHost, .overrun, count: 1), .receiveError(.chipToHost, .parity, count: 1),
                .receiveError(.chipToHost, .break, count: 1),
            ])
        #expect(
            exported.completed(0x81) == [
                "01 EC", "EC 03 90", "01 EC 00", "EC 02 08 EC 02 08", "EC 02 02", "EC 02 04", "EC 02 10",
            ])
        let requests = exported.records.filter(\.isRequest).map { hex($0.data) }
        #expect(requests.last == "41 15 EC 00 00 00 00 00" && exported.summary.shortfalls.isEmpty)
    }

    @Test func errorsWithoutEndAreNotAllWritten() {
        let exported = Exported(.cp210x, [.receiveError(.chipToHost, .framing, count: 1_000_000)])
        #expect(exported.completed(0x81).first?.split(separator: " ").count == 64 * 3)
        #expect(
            exported.summary.remarks == ["framing errors: no more than 64 of one moment are written (999936 times)"])
    }
}
