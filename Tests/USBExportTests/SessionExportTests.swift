import Line
import Testing
import Trace
import USBExport

/// What is written of a session, and what is not.
@Suite struct SessionExportTests {
    @Test func kindsHaveTheirNames() {
        #expect(USBExportKind.all.count == 18 && Set(USBExportKind.all.map(\.name)).count == 18)
        for kind in USBExportKind.all { #expect(USBExportKind(name: kind.name) == kind) }
        #expect(USBExportKind(name: "usbpcap:ch340") == USBExportKind(.usbpcap, .ch340))
        #expect(USBExportKind(name: "usbpcap") == nil && USBExportKind(name: "USBPCAP:CH340") == nil)
    }

    /// Device, configuration and strings before anything else (USB 2.0 §9.6; identities: trace formats §B.6).
    @Test(arguments: [
        (USBExportKind.Adapter.ch340, "86 1A 23 75"), (.cp210x, "C4 10 60 EA"), (.ftdi, "03 04 01 60"),
        (.ftdiHighSpeed, "03 04 14 60"), (.pl2303, "7B 06 03 23"), (.cdcACM, "86 1A D4 55"),
    ])
    func itIntroducesItself(adapter: USBExportKind.Adapter, identity: String) {
        let records = Exported(adapter, []).records
        #expect(hex(records[0].data) == "80 06 00 01 00 00 12 00")
        let device = records[1].data
        #expect(device.count == 18 && device[0...1] == [18, 1] && hex(Array(device[8..<12])) == identity)
        let configuration = records[5].data
        #expect(configuration.count == Int(configuration[2]) && Array(configuration.prefix(9)) == records[3].data)
        // Descriptors fill it to its end.
        var place = 0
        while place < configuration.count { place += Int(configuration[place]) }
        #expect(place == configuration.count)
        #expect(records.contains { hex($0.data) == "00 09 01 00 00 00 00 00" })
    }

    /// Half a second before the first event; the epoch is the session's.
    @Test func timesAreTheTraces() {
        var exporter = USBExporter(USBExportKind(.usbpcap, .cp210x))
        exporter.note(
            TraceEvent(
                .zero,
                .session(
                    SessionDescription(
                        program: "p", programVersion: "1", clock: .line, epoch: 1_700_000_000_000_000_000))))
        exporter.note(TraceEvent(Instant(nanoseconds: 123_456_789), .data(.hostToChip, [0x55])))
        exporter.finish()
        var file: [UInt8] = []
        exporter.takeBytes { file = $0 }
        let records = CapturedRecord.all(in: file)
        #expect(records.first { $0.endpoint == 0x01 }?.microseconds == 1_700_000_000_123_456)
        #expect(records[1].microseconds == 1_699_999_999_625_456)
    }

    @Test func whatNoCaptureHasIsCounted() {
        let summary = Exported(
            .ftdi,
            [
                .power(on: true), .power(on: false), .note("a"), .fault("f"), .loader("rom"),
                .baud(.chip, bitsPerSecond: 9600), .lost(.chipToHost, count: 3, reason: "r"),
                .clockAhead(.milliseconds(1)), .garbled(.chipToHost, count: 1, sentAt: 1, receivedAt: 2),
                .receiveError(.hostToChip, .framing, count: 1), .frameFormat(.chip, .eightNone1),
                .difference(
                    LineDifference(.hostToChip, hostOffset: 0, hostCount: 1, chipCharacters: [], cause: .ground)),
            ]
        ).summary
        #expect(
            summary.remarks == [
                "left out, for no USB capture has them: 2 × power change, 1 × note, 1 × fault, 1 × program of the chip, "
                    + "1 × rate at the chip's end, 1 × loss, 1 × lead of the line's clock, 1 × garbling, "
                    + "1 × receive error of the chip, 1 × frame format at the chip's end, "
                    + "1 × difference at the chip's end"
            ])
    }

    @Test func whatWasWrittenIsCounted() {
        let kind = USBExportKind(.usbpcap, .ftdi)
        let exported = Exported(
            .ftdi,
            [
                .baud(.host, bitsPerSecond: 115_200), .data(.hostToChip, [1, 2, 3]), .data(.chipToHost, [4]),
                .baud(.host, bitsPerSecond: 9600), .baud(.host, bitsPerSecond: 4_000_000),
            ])
        #expect(
            exported.summary.inWords(kind)
                == "usbpcap:ftdi, 3 bytes host to chip, 1 chip to host, 2 rates set, \(exported.records.count) records")
        #expect(
            exported.summary.remarks == [
                "rate 115200: an FT232R makes 115385 of it", "rate 4000000: an FT232R makes 184 to 3000000",
            ])
    }

    /// However many different ones there are.
    @Test func shortfallsAreBounded() {
        let summary = Exported(
            .ftdi, (0..<100).map { TraceEvent.Kind.baud(.host, bitsPerSecond: 5_000_000 + UInt32($0)) }
        ).summary
        #expect(summary.shortfalls.count == 32 && summary.moreShortfallCount == 68)
        #expect(summary.remarks.last == "and 68 more of that kind")
    }

    /// Numbers of a damaged or hostile trace: no crash, and times that a pcap file has.
    @Test(arguments: USBExportKind.all)
    func numbersWithoutMeasure(kind: USBExportKind) {
        for epoch in [Int64.min, -1, 0, Int64.max] {
            var exporter = USBExporter(kind)
            let session = SessionDescription(program: "p", programVersion: "1", clock: .line, epoch: epoch)
            exporter.note(TraceEvent(Instant(nanoseconds: 5), .session(session)))
            for nanoseconds in [Int64.max, 0, Int64.min, -1] {
                let moment = Instant(nanoseconds: nanoseconds)
                for count in [Int.max, 0, -1, Int.max] {
                    exporter.note(TraceEvent(moment, .receiveError(.chipToHost, .framing, count: count)))
                    exporter.note(TraceEvent(moment, .lost(.chipToHost, count: count, reason: "")))
                }
                for rate in [UInt32.max, 0, 1] {
                    exporter.note(TraceEvent(moment, .baud(.host, bitsPerSecond: rate)))
                }
                for bits in [UInt8.max, 0, 9] {
                    let format = FrameFormat(dataBits: bits, parity: .space, stopBits: .oneAndAHalf)
                    exporter.note(TraceEvent(moment, .frameFormat(.host, format)))
                }
                exporter.note(TraceEvent(moment, .controlLines(ControlLines(rawValue: 0xFF))))
                exporter.note(TraceEvent(moment, .data(.chipToHost, [])))
                exporter.note(TraceEvent(moment, .data(.chipToHost, [UInt8](repeating: 0xEC, count: 70_000))))
                // Another session in it says what it likes.
                exporter.note(TraceEvent(moment, .session(session)))
            }
            exporter.finish()
            #expect(exporter.waitingByteCount > 4 * 70_000)
        }
    }
}
