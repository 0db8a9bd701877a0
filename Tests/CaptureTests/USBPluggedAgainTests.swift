import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace
import USB

/// An adapter gets a new address whenever it is plugged in.
extension USBImporterTests {
    /// A CP210x that is plugged in, has a session, is pulled out, and comes back elsewhere.
    private func capture(
        of format: USBCapture.Format = .usbmon64, serialNumbers: (String?, String?),
        products: (Int, Int) = (0xEA60, 0xEA60),
        overlaps: Bool = false, readsBetween: Int = 0
    ) -> USBCapture {
        var capture = USBCapture(format)
        func plugIn(_ product: Int, _ serialNumber: String?) {
            capture.enumerate(
                0x10C4, product, serialNumber: serialNumber, [(0, 0xFF, 0, [(0x81, 2, 64), (0x01, 2, 64)])])
        }
        plugIn(products.0, serialNumbers.0)
        if overlaps {
            capture.device = 6
            plugIn(products.1, serialNumbers.1)
            capture.device = 5
        }
        capture.controlOut(0x41, 0x00, 1)
        capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00])
        capture.controlOut(0x41, 0x07, 0x0303)
        capture.bulkOut(0x01, [1, 2])
        capture.bulkIn(0x81, [3])
        for _ in 0..<readsBetween { capture.bulkIn(0x81, [UInt8](repeating: 0x55, count: 4096)) }
        capture.device = 6
        if !overlaps { plugIn(products.1, serialNumbers.1) }
        capture.controlOut(0x41, 0x00, 1)
        capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00])
        capture.bulkOut(0x01, [4])
        capture.bulkIn(0x81, [5, 6])
        return capture
    }

    private static let both: [TraceEvent.Kind] = [
        .portOpened, .baud(.host, bitsPerSecond: 115_200), .controlLines([.dataTerminalReady, .requestToSend]),
        .data(.hostToChip, [1, 2]), .data(.chipToHost, [3]),
        .portClosed, .controlLines([]), .note("the adapter was plugged in again, as device 1.6"),
        .portOpened, .baud(.host, bitsPerSecond: 115_200), .data(.hostToChip, [4]), .data(.chipToHost, [5, 6]),
    ]

    @Test(arguments: USBCapture.Format.allCases)
    func anAdapterThatIsPluggedInAgainIsOne(format: USBCapture.Format) throws {
        let made = try imported(capture(of: format, serialNumbers: ("0001", "0001")).pcap())
        #expect(made.events.joined == Self.both)
        #expect(made.session["usb device"] == "1.5" && made.summary.assumptions.isEmpty)
    }

    /// Most CH340 have no serial number: that it is the same one is said.
    @Test func withoutASerialNumberItIsAssumed() throws {
        let made = try imported(capture(serialNumbers: (nil, nil)).pcap())
        #expect(made.events.joined == Self.both)
        #expect(
            made.summary.assumptions == [
                "device 1.6 is device 1.5, plugged in again: it is of the same kind, and neither has a serial number "
                    + "(--device for one of them)"
            ])
        let second = try imported(
            capture(serialNumbers: (nil, nil)).pcap(), AdapterChoice(address: USBAddress(bus: 1, device: 6)))
        #expect(second.events.joined == Array(Self.both.suffix(4)) && second.summary.assumptions.isEmpty)
    }

    /// Others are two, and one is to be chosen.
    @Test func twoThatDifferAreTwo() throws {
        for capture in [
            capture(serialNumbers: ("0001", "0002")), capture(serialNumbers: ("0001", nil)),
            capture(serialNumbers: (nil, nil), products: (0xEA60, 0xEA61)),
            // Both are plugged in from the beginning.
            capture(serialNumbers: ("0001", "0001"), overlaps: true),
        ] {
            let refused = try refusal(capture.pcap())
            #expect(
                refused.hasPrefix("several serial adapters are in it") && refused.hasSuffix("choose one with --device"))
        }
    }

    /// What stands behind the beginning in which the adapter is searched at first.
    @Test(arguments: [USBCapture.Format.usbmon64, .usbpcap])
    func whatComesLateCounts(format: USBCapture.Format) throws {
        let count = 1500
        let late = capture(of: format, serialNumbers: ("0001", "0001"), readsBetween: count)
        let made = try imported(late.pcap())
        var expected = Self.both
        expected[4] = .data(.chipToHost, [3] + [UInt8](repeating: 0x55, count: count * 4096))
        #expect(made.events.joined == expected)
        #expect(made.summary.byteCount.chipToHost == 3 + count * 4096 && made.summary.problems.isEmpty)
        let other = capture(of: format, serialNumbers: ("0001", "0002"), readsBetween: count)
        try FileManager.default.removeItem(atPath: folder["t.pcap"])
        #expect(try refusal(other.pcap()).hasPrefix("several serial adapters are in it"))
        #expect(try folder.names() == ["uart.pcap"])
    }
}
