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

    /// §B.9: a composite device whose storage is no serial data.
    @Test(arguments: USBCapture.Format.allCases, [true, false])
    func storageIsNoSerialData(format: USBCapture.Format, enumerates: Bool) throws {
        var capture = USBCapture(format)
        if enumerates {
            capture.enumerate(
                0x0D28, 0x0204,
                [
                    (0, 8, 6, [(0x83, 2, 64), (0x03, 2, 64)]), (1, 2, 2, [(0x84, 3, 16)]),
                    (2, 0x0A, 0, [(0x01, 2, 64), (0x81, 2, 64)]),
                ])
        }
        let command = Array("USBC".utf8) + [UInt8](repeating: 7, count: 27)
        capture.bulkOut(0x03, command)
        capture.bulkIn(0x83, [UInt8](repeating: 0xEB, count: 512))
        capture.bulkIn(0x83, Array("USBS".utf8) + [UInt8](repeating: 0, count: 9))
        capture.controlOut(0x21, 0x20, 0, 1, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        capture.bulkOut(0x01, [1, 2])
        capture.bulkIn(0x81, [3])
        capture.bulkOut(0x03, command)
        let made = try imported(capture.pcap())
        #expect(
            made.events.joined == [
                .baud(.host, bitsPerSecond: 115_200), .frameFormat(.host, .eightNone1), .data(.hostToChip, [1, 2]),
                .data(.chipToHost, [3]),
            ])
    }

    /// §B.9: two channels of CDC, one byte a transfer, no line coding.
    @Test func channelsAreListedAndOneIsChosen() throws {
        var capture = USBCapture(.usbmon64)
        capture.enumerate(
            0x1D50, 0x6018,
            [
                (0, 2, 2, [(0x82, 3, 16)]), (1, 0x0A, 0, [(0x01, 2, 64), (0x81, 2, 64)]), (2, 2, 2, [(0x84, 3, 16)]),
                (3, 0x0A, 0, [(0x03, 2, 64), (0x83, 2, 64)]),
            ])
        for byte in Array("ab".utf8) { capture.bulkOut(0x01, [byte]) }
        for byte in Array("xyz".utf8) { capture.bulkIn(0x83, [byte]) }
        #expect(
            try refusal(capture.pcap())
                == "the adapter has several channels: device 1.5: CDC-ACM 1D50:6018, channel 1, endpoints out 01, in 81, "
                + "2 bytes; device 1.5: CDC-ACM 1D50:6018, channel 2, endpoints out 03, in 83, 3 bytes; "
                + "choose one with --channel")
        #expect(try refusal(capture.pcap(), AdapterChoice(channel: 3)).contains("no channel 3 is in it"))
        let first = try imported(capture.pcap(), AdapterChoice(channel: 1))
        #expect(first.events.joined == [.data(.hostToChip, Array("ab".utf8))])
        let second = try imported(capture.pcap(), AdapterChoice(channel: 2))
        #expect(second.events.joined == [.data(.chipToHost, Array("xyz".utf8))])
        #expect(second.session["channel"] == "2")
        #expect(second.summary.baudCount == 0)
    }

    /// Both channels of an FT2232H, whose requests name them; 512 bytes a packet.
    @Test(arguments: [true, false])
    func channelsOfFTDIAreToldByTheirRequests(enumerates: Bool) throws {
        var capture = USBCapture(.usbpcap)
        if enumerates {
            capture.enumerate(
                0x0403, 0x6010, release: 0x0700,
                [
                    (0, 0xFF, 0xFF, [(0x81, 2, 512), (0x02, 2, 512)]),
                    (1, 0xFF, 0xFF, [(0x83, 2, 512), (0x04, 2, 512)]),
                ])
        }
        capture.controlOut(0x40, 0x09, 16, 1)
        capture.controlOut(0x40, 0x09, 2, 2)
        // 12 MHz / 104.125 and / 13.
        capture.controlOut(0x40, 0x03, 0xC068, 0x0201)
        capture.controlOut(0x40, 0x03, 0x000D, 0x0202)
        capture.bulkOut(0x02, [0xA1])
        capture.bulkOut(0x04, [0xB1])
        let data = (0..<800).map { UInt8(truncatingIfNeeded: $0 &* 5) }
        capture.bulkIn(0x81, [0x01, 0x60] + data[..<510] + [0x01, 0x60] + data[510...])
        capture.bulkIn(0x83, [0x01, 0x60, 0xB2])
        #expect(try refusal(capture.pcap()).contains("several channels"))
        let first = try imported(capture.pcap(), AdapterChoice(channel: 1))
        #expect(
            first.events.joined == [
                .note("the adapter's latency timer is 16 ms"), .baud(.host, bitsPerSecond: 115_200),
                .data(.hostToChip, [0xA1]), .data(.chipToHost, data),
            ])
        let second = try imported(capture.pcap(), AdapterChoice(channel: 2))
        #expect(
            second.events.joined == [
                .note("the adapter's latency timer is 2 ms"), .baud(.host, bitsPerSecond: 921_600),
                .data(.hostToChip, [0xB1]), .data(.chipToHost, [0xB2]),
            ])
    }

    @Test func severalAdaptersAreListedAndOneIsChosen() throws {
        var capture = USBCapture(.usbmon64)
        USBSession.ch340.write(into: &capture)
        capture.device = 9
        USBSession.cdc.write(into: &capture)
        let refused = try refusal(capture.pcap())
        #expect(refused.hasPrefix("several serial adapters are in it: device 1.5: CH340/CH341 1A86:7523, channel 1"))
        #expect(refused.contains("device 1.9: CDC-ACM 303A:1001"))
        #expect(refused.hasSuffix("choose one with --device"))
        for choice in [
            AdapterChoice(address: USBAddress(bus: 1, device: 9)), AdapterChoice(family: .cdc),
        ] {
            #expect(try imported(capture.pcap(), choice).events.joined == USBSession.cdc.expected)
        }
        _ = try? FileManager.default.removeItem(atPath: folder["t.pcap"])
        #expect(
            try refusal(capture.pcap(), AdapterChoice(address: USBAddress(bus: 2, device: 5)))
                .hasPrefix("no device 2.5 is in it"))
    }

    /// An adapter that is only plugged in is not meant.
    @Test func theOneThatCarriedDataIsMeant() throws {
        var capture = USBCapture(.usbmon64)
        capture.device = 3
        capture.enumerate(0x10C4, 0xEA60, [(0, 0xFF, 0, [(0x81, 2, 64), (0x01, 2, 64)])])
        capture.device = 5
        USBSession.pl2303.write(into: &capture)
        #expect(try imported(capture.pcap()).events.joined == USBSession.pl2303.expected)
    }

    /// §B.9: what is no serial adapter is named for what it is.
    @Test(arguments: ["ch341a", "ch341a without enumeration", "moxa", "keyboard", "storage", "hub"])
    func whatIsNoAdapterIsNamed(kind: String) throws {
        var capture = USBCapture(.usbmon64)
        let message: String
        switch kind {
        case "ch341a", "ch341a without enumeration":
            if kind == "ch341a" {
                capture.enumerate(0x1A86, 0x5512, [(0, 0xFF, 1, [(0x82, 2, 32), (0x02, 2, 32)])])
            }
            capture.controlOut(0x40, 0xB1, 0x1234)
            capture.bulkOut(0x02, [0xA8, 1, 2])
            message = "device 1.5: a CH341A as a parallel and SPI interface, which is no serial adapter"
        case "moxa":
            capture.enumerate(0x110A, 0x1110, [(0, 0xFF, 0, [(0x82, 2, 64), (0x02, 2, 64)])])
            for request in 5...11 { capture.controlOut(0x40, UInt8(request)) }
            capture.bulkOut(0x02, [1, 2])
            message =
                "device 1.5: 110A:1110, a Moxa UPort, whose requests are not known, requests 40/05, 40/06, 40/07, 40/08, "
                + "40/09, 40/0A, 40/0B"
        case "keyboard":
            capture.enumerate(0x046D, 0xC31C, [(0, 3, 1, [(0x81, 3, 8)])])
            capture.interruptIn(0x81, [0, 0, 4, 0, 0, 0, 0, 0])
            message = "device 1.5: 046D:C31C, a keyboard, mouse or other HID device"
        case "storage":
            capture.bulkOut(0x02, Array("USBC".utf8) + [UInt8](repeating: 7, count: 27))
            message = "device 1.5: mass storage"
        default:
            capture.controlIn(0xA3, 0, 0, 1, 4, [0, 1, 0, 0])
            message = "device 1.5: a hub"
        }
        #expect(
            try refusal(capture.pcap())
                == "no serial adapter was found in it: \(message); if one of these is an adapter, say so with --device and "
                + "--adapter")
    }

    @Test(arguments: [
        (288, "a USB wire, by a hardware analyser"), (293, "a low-speed USB wire"), (295, "a high-speed USB wire"),
        (252, "packets that Wireshark has taken apart"), (1, "Ethernet"), (266, "macOS's USB traffic"),
    ])
    func otherLinkTypesAreNamed(linkType: Int, message: String) throws {
        var file = USBCapture(.usbmon64).pcap()
        file[20] = UInt8(linkType & 0xFF)
        file[21] = UInt8(linkType >> 8)
        #expect(try refusal(file).contains(message))
    }

    @Test func fromNamesTheRightOne() throws {
        var capture = USBCapture(.usbpcap)
        USBSession.cdc.write(into: &capture)
        #expect(try refusal(capture.pcap(), format: "usbmon").contains("use --from usbpcap"))
        #expect(try imported(capture.pcap(), format: "usbpcap").events.joined == USBSession.cdc.expected)
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
