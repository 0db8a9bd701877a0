import Capture
import Line
import TestForms
import Testing
import Trace
import USBExport
import Words

/// Exported captures in the eyes of a reader that nobody here wrote.
extension TsharkTests {
    private static let trace = packageFolder + "/traces/good-bench-community-1.pcap"

    private func exported(_ kind: USBExportKind, in folder: Folder) throws -> USBExportSummary {
        try exportTrace(from: Self.trace, to: folder["usb.pcap"], as: kind).summary
    }

    /// The session's bytes of a direction, as tshark prints bytes.
    private func sent(_ direction: Direction) throws -> String {
        var bytes: [UInt8] = []
        try TraceReader(opening: Self.trace).forEach {
            if case .data(direction, let run) = $0.kind { bytes += run }
        }
        return Self.digits(bytes)
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        hexBytes(bytes).lowercased().filter { $0 != " " }
    }

    private func bauds() throws -> [UInt32] {
        try TraceReader(opening: Self.trace).events().compactMap {
            if case .baud(.host, let rate) = $0.kind { rate } else { nil }
        }
    }

    @Test(arguments: USBExportKind.all)
    func itFindsNothingWrongInExportedCaptures(kind: USBExportKind) throws {
        let folder = try Folder()
        let summary = try exported(kind, in: folder)
        // All in one run: to start it takes longer than to read the capture.
        let frames = try rows(
            of: folder["usb.pcap"], ["_ws.malformed", "_ws.expert", "usb.idVendor", "usb.request_in"]
        ).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(frames.count == summary.recordCount)
        #expect(frames.allSatisfy { $0.count == 4 && $0[0].isEmpty && $0[1].isEmpty })
        // It knows by itself what is plugged in, and which answer belongs to which request.
        #expect(frames.count { !$0[2].isEmpty } == 1)
        let answers = frames.count { !$0[3].isEmpty }
        // All but the reads that wait at the end.
        #expect(answers > 20 && (0...2).contains(summary.recordCount - 2 * answers))
    }

    @Test(arguments: CaptureForm.allCases, [USBExportKind.Adapter.ftdi, .ftdiHighSpeed])
    func itSeesTheSessionInFTDIsPackets(form: CaptureForm, adapter: USBExportKind.Adapter) throws {
        let folder = try Folder()
        _ = try exported(USBExportKind(form, adapter), in: folder)
        for (direction, field) in [(Direction.hostToChip, "tx"), (.chipToHost, "rx")] {
            let rows = try rows(of: folder["usb.pcap"], ["ftdi-ft.if_a_\(field)_payload"])
            #expect(try rows.joined().filter { $0 != "," } == sent(direction))
        }
        // Bits 0 to 15 of the divisor are the value, the others in the index; 14 to 16 say eighths (trace formats §B.6).
        let fields = ["lValue", "hValue", "lIndex", "hIndex"].map { "ftdi-ft.\($0)" }
        let made = try rows(of: folder["usb.pcap"], fields, filter: "ftdi-ft.bRequest == 3").map { row in
            let parts = row.split(separator: ",").map { Int($0.dropFirst(2), radix: 16) ?? -1 }
            let high = adapter == .ftdi ? parts[2] : parts[3]
            let divisor = parts[0] | parts[1] << 8 | high << 16
            let eighths = (divisor & 0x3FFF) * 8 + [0, 4, 2, 1, 3, 5, 6, 7][divisor >> 14 & 7]
            return (divisor & 0x20000 == 0 ? 3_000_000 : 12_000_000) * 8 / eighths
        }
        let asked = try bauds()
        #expect(made.count == asked.count && !asked.isEmpty)
        #expect(zip(made, asked).allSatisfy { abs($0 - Int($1)) * 100 < 2 * $0 })
    }

    @Test(arguments: CaptureForm.allCases)
    func itSeesTheSessionInCDC(form: CaptureForm) throws {
        let folder = try Folder()
        _ = try exported(USBExportKind(form, .cdcACM), in: folder)
        for (direction, bit) in [(Direction.hostToChip, 0), (.chipToHost, 1)] {
            let rows = try rows(
                of: folder["usb.pcap"], ["usb.capdata"],
                filter: "usb.bInterfaceClass == 0x0a && usb.endpoint_address.direction == \(bit)")
            #expect(try rows.joined() == sent(direction))
        }
        let codings = try rows(
            of: folder["usb.pcap"], ["usbcom.control.payload"], filter: "usbcom.control.request_code == 0x20")
        let expected = try bauds().map { rate in
            Self.digits((0..<4).map { UInt8(truncatingIfNeeded: rate >> (8 * $0)) } + [0, 0, 8])
        }
        #expect(codings == expected && !expected.isEmpty)
    }
}
