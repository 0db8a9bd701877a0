import Capture
import Digests
import Foundation
import Line
import TestForms
import Testing
import Trace
import USB

/// Whole captures of each adapter, in each format, become traces.
@Suite struct USBImporterTests {
    let folder = try! Folder()

    /// The trace's session, its events, and what the import said.
    func imported(
        _ file: [UInt8], _ choice: AdapterChoice = AdapterChoice(), format: String? = nil, name: String = "uart.pcap"
    ) throws -> (session: SessionDescription, events: [TraceEvent], summary: ImportSummary) {
        try folder.write(file, to: name)
        var options = ImportOptions(format: format)
        options.usb = choice
        let summary = try importRecording(from: folder[name], to: folder["t.pcap"], options, replacing: true)
        let reader = TraceReader(opening: folder["t.pcap"])
        return (try #require(try reader.session()), try Array(reader.events().dropFirst()), summary)
    }

    func refusal(_ file: [UInt8], _ choice: AdapterChoice = AdapterChoice(), format: String? = nil) throws -> String {
        let error = #expect(throws: CaptureError.self) { try imported(file, choice, format: format) }
        #expect(!FileManager.default.fileExists(atPath: folder["t.pcap"]))
        return error.map { "\($0.message); \($0.advice)" } ?? ""
    }

    @Test(arguments: USBSession.allCases, USBCapture.Format.allCases)
    func aSessionBecomesATrace(session: USBSession, format: USBCapture.Format) throws {
        var capture = USBCapture(format)
        session.write(into: &capture)
        for file in [capture.pcap(), capture.pcapng(), Gzip.pack(capture.pcapng())] {
            let made = try imported(file)
            #expect(made.events.joined == session.expected)
            #expect(made.summary.problems == [] && made.summary.outOfOrderCount == 0)
            #expect(made.summary.kind == (format.isUSBMon ? "usbmon" : "usbpcap"))
            #expect(made.summary.byteCount.hostToChip == 4 && made.summary.byteCount.chipToHost == 301)
            #expect(made.summary.bauds == [115_200, 921_600])
            #expect(made.session.clock == .usb)
            #expect(made.session["adapter"] == session.title)
            #expect(made.session["usb device"] == "1.5")
            #expect(made.session["recognised by"] == "its descriptors")
            #expect(made.session["latency timer"] == (session == .ftdi ? "16 ms" : nil))
        }
    }

    /// libpcap turns usbmon's headers round where the file is of another kind of machine; the payload stays.
    @Test(arguments: USBSession.allCases, [USBCapture.Format.usbmon48, .usbmon64])
    func aBigEndianMachinesCaptureIsTheSame(session: USBSession, format: USBCapture.Format) throws {
        var capture = USBCapture(format, isBigEndian: true)
        session.write(into: &capture)
        #expect(try imported(capture.pcap()).events.joined == session.expected)
        #expect(try imported(capture.pcapng()).events.joined == session.expected)
    }

    /// §B.9: captures begin when the adapter has long been plugged in.
    @Test(arguments: USBSession.allCases, USBCapture.Format.allCases)
    func withoutEnumerationTheRequestsTell(session: USBSession, format: USBCapture.Format) throws {
        var capture = USBCapture(format)
        session.write(into: &capture, enumerates: false)
        let made = try imported(capture.pcap())
        #expect(made.events.joined == session.expected)
        #expect(made.session["adapter"] == session.title)
        #expect(made.session["recognised by"] == "its requests")
    }

    /// Nothing but data: FTDI's shows by its shape, of others the user says what they are.
    @Test func withoutRequestsTheUserTells() throws {
        var capture = USBCapture(.usbmon64)
        capture.bulkOut(0x02, [0x55])
        capture.bulkIn(0x82, [0x37, 2, 3])
        #expect(
            try refusal(capture.pcap())
                == "no serial adapter was found in it: device 1.5: not a known adapter, no requests seen; "
                + "if one of these is an adapter, say so with --device and --adapter")
        let address = USBAddress(bus: 1, device: 5)
        #expect(
            try refusal(capture.pcap(), AdapterChoice(address: address)).contains("say what it is with --adapter"))
        for choice in [AdapterChoice(family: .ch340), AdapterChoice(family: .cdc, address: address)] {
            let made = try imported(capture.pcap(), choice)
            #expect(made.events.joined == [.data(.hostToChip, [0x55]), .data(.chipToHost, [0x37, 2, 3])])
            #expect(made.session["recognised by"] == "the command line")
        }
        for _ in 0..<5 { capture.bulkIn(0x82, [0x01, 0x60]) }
        // The three bytes do not look like FTDI's status.
        _ = try? FileManager.default.removeItem(atPath: folder["t.pcap"])
        #expect(try refusal(capture.pcap()).contains("no serial adapter"))
        var shaped = USBCapture(.usbpcap)
        for _ in 0..<5 { shaped.bulkIn(0x81, [0x02, 0x60]) }
        shaped.bulkIn(0x81, [0x12, 0x60, 7])
        let made = try imported(shaped.pcap())
        #expect(made.events.joined == [.controlLines(.clearToSend), .data(.chipToHost, [7])])
        #expect(made.session["recognised by"] == "the shape of its data")
    }

    /// Times are those of the packets: what is sent is stamped at its submission, what comes at its completion.
    @Test func timesAreThoseOfTheTransfers() throws {
        var capture = USBCapture(.usbmon64)
        capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0x10, 0x0E, 0, 0, 0, 8])
        capture.time = 1_000_000
        capture.submitOut(77, 0x01, [1])
        capture.time = 2_500_000
        capture.bulkIn(0x81, [2])
        let made = try imported(capture.pcap())
        let first = capture.records[0].time
        #expect(made.session.epoch == Int64(USBCapture.start * 1_000_000 + first) * 1000)
        let times = made.events.map { Int($0.time.nanoseconds / 1000) + first }
        #expect(times == [capture.records[1].time, capture.records[1].time, 1_000_010, capture.records[4].time])
        #expect(capture.records[4].time == 2_500_145)
    }

    /// Truncated transfers: the bytes that are missing are said to be lost.
    @Test(arguments: USBCapture.Format.allCases)
    func truncatedTransfersAreLoss(format: USBCapture.Format) throws {
        var capture = USBCapture(format)
        capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00])
        capture.bulkOut(0x01, [1, 2, 3, 4, 5], kept: 2)
        capture.bulkIn(0x81, [6, 7, 8], kept: 1)
        let made = try imported(capture.pcap())
        let why = "the capture kept only the beginning of the transfer"
        #expect(
            made.events.joined == [
                .baud(.host, bitsPerSecond: 115_200), .data(.hostToChip, [1, 2]),
                .lost(.hostToChip, count: 3, reason: why), .data(.chipToHost, [6]),
                .lost(.chipToHost, count: 2, reason: why),
            ])
        #expect(made.summary.lostByteCount.hostToChip == 3 && made.summary.lostByteCount.chipToHost == 2)
    }

    /// Of FTDI's the status is not counted: 200 bytes are four packets, and 70 two.
    @Test func theStatusIsNotLost() throws {
        var capture = USBCapture(.usbmon48)
        capture.controlOut(0x40, 0x03, 0x001A)
        capture.bulkIn(0x81, [UInt8](repeating: 0x01, count: 200), kept: 70)
        let made = try imported(capture.pcap())
        #expect(made.summary.byteCount.chipToHost == 66)
        #expect(made.summary.lostByteCount.chipToHost == 200 - 8 - 66)
    }

    @Test func writesThatAreTakenBackAreLoss() throws {
        var capture = USBCapture(.usbmon64)
        capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        capture.bulkOut(0x01, [1, 2, 3], taken: 1)
        let made = try imported(capture.pcap())
        #expect(
            made.events.joined.suffix(2) == [
                .data(.hostToChip, [1, 2, 3]),
                .lost(.hostToChip, count: 2, reason: "the adapter did not take all of the write"),
            ])
        var windows = USBCapture(.usbpcap)
        windows.controlOut(0x21, 0x20, 0, 0, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        windows.bulkOut(0x01, [1, 2, 3], taken: 1)
        #expect(
            try imported(windows.pcap()).summary.problems == [
                "packet 4: a write of 3 bytes failed; how many of them the adapter took is not known"
            ])
    }

    @Test func whatIsRefusedHasNoEffect() throws {
        for format in USBCapture.Format.allCases {
            var capture = USBCapture(format)
            capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8], isRefused: true)
            capture.bulkOut(0x01, [1])
            let made = try imported(capture.pcap())
            #expect(made.events.joined == [.data(.hostToChip, [1])])
            #expect(made.summary.problems.count == 1)
            #expect(made.summary.problems.first?.hasSuffix("the adapter refused the request 21/20") == true)
        }
    }

    /// Errors, modem lines and breaks, from the interrupt endpoint and among the data.
    @Test func linesAndErrorsAreEvents() throws {
        var capture = USBCapture(.usbmon64)
        capture.enumerate(
            0x067B, 0x2303, [(0, 0xFF, 0, [(0x81, 3, 10), (0x02, 2, 64), (0x83, 2, 64)])])
        capture.controlOut(0x21, 0x22, 1)
        capture.interruptIn(0x81, [0xA1, 0x20, 0, 0, 0, 0, 2, 0, 0x80, 0])
        capture.interruptIn(0x81, [0xA1, 0x20, 0, 0, 0, 0, 2, 0, 0x94, 0])
        capture.controlOut(0x21, 0x23, 0xFFFF)
        capture.controlOut(0x21, 0x23, 0)
        capture.bulkIn(0x83, [0])
        let made = try imported(capture.pcap())
        #expect(
            made.events.joined == [
                .controlLines(.dataTerminalReady), .controlLines([.dataTerminalReady, .clearToSend]),
                .receiveError(.chipToHost, .break, count: 1), .receiveError(.chipToHost, .framing, count: 1),
                .breakSent,
                .data(.chipToHost, [0]),
            ])
        #expect(made.summary.receiveErrorCount == 2)
    }

    /// Reading goes on after a record that makes no sense, and says which it was.
    @Test func aBadRecordIsPassedOver() throws {
        for format in USBCapture.Format.allCases {
            var capture = USBCapture(format)
            USBSession.cdc.write(into: &capture)
            let count = capture.records.count
            capture.raw([1, 2, 3])
            capture.bulkOut(0x01, [9])
            let made = try imported(capture.pcap())
            #expect(made.events.joined == USBSession.cdc.expected + [.data(.hostToChip, [9])])
            #expect(made.summary.problems.count == 1)
            #expect(made.summary.problems.first?.hasPrefix("packet \(count + 1): 3 bytes are no ") == true)
        }
    }

    /// What comes before the end of a file that breaks off, packed or not, is there.
    @Test func aFileThatBreaksOffIsReadSoFar() throws {
        var capture = USBCapture(.usbmon64)
        USBSession.cdc.write(into: &capture)
        let whole = capture.pcap()
        for file in [Array(whole.dropLast(7)), Gzip.pack(whole).dropLast(20)] {
            let made = try imported(Array(file))
            #expect(made.summary.problems.count == 1)
            #expect(made.summary.problems.first?.hasPrefix("packet ") == true)
            #expect(made.summary.byteCount.hostToChip <= 4)
        }
        _ = try? FileManager.default.removeItem(atPath: folder["t.pcap"])
        #expect(try refusal(USBCapture(.usbmon64).pcap()).hasPrefix("there is no USB traffic in it"))
    }

    @Test func aPipeIsReadOnce() async throws {
        var capture = USBCapture(.usbmon64)
        USBSession.ftdi.write(into: &capture)
        let path = folder["pipe"]
        #expect(mkfifo(path, 0o600) == 0)
        let file = capture.pcap()
        async let written: Void = Task.detached { try Data(file).write(to: URL(filePath: path)) }.value
        let trace = folder["t.pcap"]
        let summary = try await Task.detached { try importRecording(from: path, to: trace) }.value
        try await written
        #expect(summary.assumptions == [])
        #expect(try Array(TraceReader(opening: trace).events().dropFirst()).joined == USBSession.ftdi.expected)
    }
}
