import Line
import Testing
import Trace
import USBExport

/// Files and their records (trace formats §B.4, §B.5).
@Suite struct CaptureFormTests {
    private static func bytes(_ text: String) -> [UInt8] {
        text.split(whereSeparator: \.isWhitespace).map { UInt8($0, radix: 16)! }
    }

    /// Classic pcap: magic of microseconds, version 2.4, link type.
    @Test(arguments: [
        (CaptureForm.usbpcap, "FF FF 00 00 F9 00 00 00"), (.usbmon, "00 00 04 00 DC 00 00 00"),
    ])
    func heads(form: CaptureForm, end: String) {
        let file = Exported(.ch340, [], as: form).file
        #expect(
            Array(file.prefix(24)) == Self.bytes("D4 C3 B2 A1 02 00 04 00 00 00 00 00 00 00 00 00 " + end))
    }

    /// A write of four bytes a second after 1970: the submission has them, the completion has not.
    @Test func usbpcapOfAWrite() throws {
        let file = Exported(.cp210x, [.data(.hostToChip, Array("cnys".utf8))], as: .usbpcap).file
        let submission = Self.bytes(
            """
            01 00 00 00 00 00 00 00 1F 00 00 00 1F 00 00 00
            1B 00 80 11 3C 0A 81 88 FF FF 00 00 00 00 09 00 00 01 00 05 00 01 03 04 00 00 00
            63 6E 79 73
            """)
        // 125 µs and 4 µs later.
        let completion = Self.bytes(
            """
            01 00 00 00 81 00 00 00 1B 00 00 00 1B 00 00 00
            1B 00 80 11 3C 0A 81 88 FF FF 00 00 00 00 09 00 01 01 00 05 00 01 03 00 00 00 00
            """)
        #expect(Array(file.suffix(submission.count + completion.count)) == submission + completion)
    }

    /// A request and its answer: version of a CH340, setup packet in stage 0, answer in stage 3.
    @Test func usbpcapOfARequest() {
        let file = Exported(.ch340, [], as: .usbpcap).file
        let submission =
            Self.bytes("24 00 00 00 24 00 00 00 1C 00")
            + Self.bytes("00 00 3C 0A 81 88 FF FF 00 00 00 00 17 00 00 01 00 05 00 80 02 08 00 00 00 00")
            + Self.bytes("C0 5F 00 00 00 00 02 00")
        let completion =
            Self.bytes("1E 00 00 00 1E 00 00 00 1C 00")
            + Self.bytes("00 00 3C 0A 81 88 FF FF 00 00 00 00 08 00 01 01 00 05 00 80 02 02 00 00 00 03 31 00")
        #expect(file.contains(submission) && file.contains(completion))
    }

    @Test func usbmonOfAWrite() {
        let file = Exported(.cp210x, [.data(.hostToChip, Array("cnys".utf8))], as: .usbmon).file
        let submission = Self.bytes(
            """
            01 00 00 00 00 00 00 00 44 00 00 00 44 00 00 00
            80 11 3C 0A 81 88 FF FF 53 03 01 05 01 00 2D 00 01 00 00 00 00 00 00 00 00 00 00 00
            8D FF FF FF 04 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 63 6E 79 73
            """)
        let completion = Self.bytes(
            """
            01 00 00 00 81 00 00 00 40 00 00 00 40 00 00 00
            80 11 3C 0A 81 88 FF FF 43 03 01 05 01 00 2D 3E 01 00 00 00 00 00 00 00 81 00 00 00
            00 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            """)
        #expect(Array(file.suffix(submission.count + completion.count)) == submission + completion)
    }

    /// A read: asked for without data, completed with what came; what still waits is taken back at the close.
    @Test func usbmonOfARead() {
        let file = Exported(.cp210x, [.data(.chipToHost, [0x01]), .portClosed], as: .usbmon).file
        let asked = Self.bytes("53 03 81 05 01 00 2D 3C")
        let answered =
            Self.bytes("43 03 81 05 01 00 2D 00 01 00 00 00 00 00 00 00 00 00 00 00")
            + Self.bytes("00 00 00 00 01 00 00 00 01 00 00 00")
        let takenBack = Self.bytes("43 03 81 05 01 00 2D 00 01 00 00 00 00 00 00 00 E8 03 00 00 FE FF FF FF")
        #expect(file.contains(asked) && file.contains(answered) && file.contains(takenBack))
    }

    @Test func usbmonOfARequest() {
        let file = Exported(.ch340, [], as: .usbmon).file
        #expect(file.contains(Self.bytes("53 02 80 05 01 00 00 3C")))
        #expect(file.contains(Self.bytes("8D FF FF FF 02 00 00 00 00 00 00 00 C0 5F 00 00 00 00 02 00")))
        #expect(file.contains(Self.bytes("00 00 00 00 02 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00")))
    }

    /// Each has the ends of its transfers in pairs, in the order of their times, however many are under way.
    @Test(arguments: USBExportKind.Adapter.allCases)
    func transfersComeInPairs(adapter: USBExportKind.Adapter) {
        var exporter = USBExporter(USBExportKind(.usbpcap, adapter))
        for number in 0..<200 {
            let moment = Instant(nanoseconds: Int64(number / 50) * 7_000)
            exporter.note(TraceEvent(moment, .data(number % 3 == 0 ? .chipToHost : .hostToChip, [UInt8(number)])))
        }
        exporter.note(TraceEvent(.zero, .portClosed))
        exporter.finish()
        var file: [UInt8] = []
        exporter.takeBytes { file = $0 }
        let records = CapturedRecord.all(in: file)
        #expect(exporter.summary.recordCount == records.count)
        var underWay: Set<[UInt8]> = []
        var time = 0
        for record in records {
            #expect(record.microseconds >= time)
            time = record.microseconds
            if record.isCompletion {
                #expect(underWay.remove(record.identity) != nil)
            } else {
                #expect(underWay.insert(record.identity).inserted)
            }
        }
        #expect(underWay.isEmpty)
    }
}
