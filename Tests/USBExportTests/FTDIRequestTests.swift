import Line
import Testing
import Trace
import USBExport

/// Trace formats §B.6, FTDI.
@Suite struct FTDIRequestTests {
    @Test func itIsResetAndHasALatencyTimer() {
        let requests = Exported(.ftdi, []).records.filter(\.isRequest).map { hex($0.data) }
        #expect(
            requests.suffix(3) == ["40 00 00 00 00 00 00 00", "40 09 10 00 00 00 00 00", "C0 0A 00 00 00 00 01 00"])
    }

    /// 3 MHz over d: 26, 3.25, 6.5, 78.125; 1 and 1.5 have codes of their own; 2.375 has bit 16.
    @Test(arguments: [
        (115_200, "1A 00 00 00"), (921_600, "03 80 00 00"), (460_800, "06 40 00 00"), (38_400, "4E C0 00 00"),
        (3_000_000, "00 00 00 00"), (2_000_000, "01 00 00 00"), (1_500_000, "02 00 00 00"),
        (1_263_158, "02 00 01 00"), (9600, "38 41 00 00"),
    ])
    func rates(baud: UInt32, fields: String) {
        #expect(Exported.requests(.ftdi, .baud(.host, bitsPerSecond: baud)) == ["40 03 \(fields) 00 00"])
    }

    /// 12 MHz over d, with bit 17, high bits one byte up and the channel 0 below: 13; 1; 1250 = d of 9600.
    @Test(arguments: [(921_600, "0D 00 00 02"), (12_000_000, "00 00 00 02"), (9600, "E2 04 00 02")])
    func ratesAtHighSpeed(baud: UInt32, fields: String) {
        #expect(Exported.requests(.ftdiHighSpeed, .baud(.host, bitsPerSecond: baud)) == ["40 03 \(fields) 00 00"])
    }

    @Test func otherRequests() {
        #expect(
            Exported.requests(
                .ftdi, .frameFormat(.host, FrameFormat(dataBits: 7, parity: .even, stopBits: .two)), .breakSent,
                .controlLines([.dataTerminalReady, .requestToSend]), .controlLines([.dataTerminalReady]),
                .flushed(.input), .flushed(.output), .flushed(.both)) == [
                    "40 04 07 12 00 00 00 00", "40 04 07 52 00 00 00 00", "40 04 07 12 00 00 00 00",
                    "40 01 03 03 00 00 00 00", "40 01 00 02 00 00 00 00",
                    "40 00 01 00 00 00 00 00", "40 00 02 00 00 00 00 00",
                    "40 00 01 00 00 00 00 00", "40 00 02 00 00 00 00 00",
                ])
    }

    /// Two bytes of status before each 62; a packet that is full is followed by one of status alone.
    @Test(arguments: [1, 61, 62, 63, 123, 124, 125, 3967, 3968, 10_000])
    func packets(count: Int) {
        let data = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let reads = Exported(.ftdi, [.data(.chipToHost, data)]).records.filter {
            $0.endpoint == 0x81 && $0.isCompletion
        }
        var carried: [UInt8] = []
        for read in reads {
            #expect(read.data.count <= 4096 && read.data.count % 64 != 0)
            for start in stride(from: 0, to: read.data.count, by: 64) {
                let packet = read.data[start..<min(start + 64, read.data.count)]
                #expect(Array(packet.prefix(2)) == [0x01, 0x60])
                carried += packet.dropFirst(2)
            }
        }
        #expect(carried == data)
    }

    @Test func packetsAtHighSpeed() {
        let data = [UInt8](repeating: 0x55, count: 511)
        let read = Exported(.ftdiHighSpeed, [.data(.chipToHost, data)]).completed(0x81)
        #expect(read == [hex([0x02, 0x60] + data[..<510] + [0x02, 0x60, 0x55])])
    }

    /// Inputs in the first byte of the status; errors in the second, of the next packet that has data.
    @Test func status() {
        let exported = Exported(
            .ftdi,
            [
                .controlLines([.clearToSend, .ring]), .receiveError(.chipToHost, .framing, count: 1),
                .receiveError(.chipToHost, .break, count: 1), .data(.chipToHost, [0x00]), .data(.chipToHost, [0x01]),
                .controlLines([.dataSetReady, .carrierDetect]), .receiveError(.chipToHost, .parity, count: 3),
            ])
        #expect(exported.completed(0x81) == ["51 60", "51 78 00", "51 60 01", "A1 60"])
        #expect(
            exported.summary.remarks == [
                "parity errors: an FT232R says one for a packet (2 times)", "receive errors with no data behind them",
            ])
    }

    /// Every 16 ms, for a while.
    @Test func silence() {
        var exporter = USBExporter(USBExportKind(.usbpcap, .ftdi))
        exporter.note(TraceEvent(.zero, .data(.chipToHost, [0x01])))
        exporter.note(TraceEvent(Instant(nanoseconds: 100_000_000), .data(.chipToHost, [0x02])))
        exporter.note(TraceEvent(Instant(nanoseconds: 900_100_000_000), .data(.chipToHost, [0x03])))
        exporter.finish()
        var file: [UInt8] = []
        exporter.takeBytes { file = $0 }
        let reads = CapturedRecord.all(in: file).filter { $0.endpoint == 0x81 && $0.isCompletion }
        let start = reads[0].microseconds
        #expect(
            reads.prefix(8).map { $0.microseconds - start } == [
                0, 16_000, 32_000, 48_000, 64_000, 80_000, 96_000, 100_000,
            ])
        #expect(reads.count == 3 + 6 + 64 && reads.last?.microseconds == start + 900_100_000)
    }
}
