import Capture
import Foundation
import TestForms
import Line
import Testing
import Trace
import USB

/// Which device of a capture is the adapter, and which of its channels is meant.
extension USBImporterTests {
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
}
