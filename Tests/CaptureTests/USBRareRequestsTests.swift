import Capture
import Line
import Testing
import Trace

/// Requests that few drivers make, in whole captures (trace formats §B.6).
extension USBImporterTests {
    /// A rate that is only answered counts where none is known, and one that is set counts always.
    @Test func anAnswerTellsTheRateOfALateCapture() throws {
        var capture = USBCapture(.usbmon64)
        capture.controlIn(0xA1, 0x21, 0, 0, 7, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        capture.controlIn(0xA1, 0x21, 0, 0, 7, [0x80, 0x25, 0x00, 0x00, 0, 0, 8])
        capture.bulkOut(0x02, [1])
        capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0x10, 0x0E, 0x00, 0, 0, 8])
        capture.bulkOut(0x02, [2])
        #expect(
            try imported(capture.pcap()).events.joined == [
                .baud(.host, bitsPerSecond: 115_200), .frameFormat(.host, .eightNone1), .data(.hostToChip, [1]),
                .baud(.host, bitsPerSecond: 921_600), .data(.hostToChip, [2]),
            ])
    }

    /// SET_FLOW of a CP210x with both lines asserted, then RTS left to the flow; IMM_CHAR between two writes.
    @Test func flowControlAndACharacterAtOnce() throws {
        var capture = USBCapture(.usbpcap)
        let limits: [UInt8] = [0x80, 0, 0, 0, 0x80, 0, 0, 0]
        capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00])
        capture.controlOut(0x41, 0x13, 0, 0, [0x01, 0, 0, 0, 0x40, 0, 0, 0] + limits)
        capture.bulkOut(0x01, [1])
        capture.controlOut(0x41, 0x06, 0x11)
        capture.controlOut(0x41, 0x13, 0, 0, [0x09, 0, 0, 0, 0x80, 0, 0, 0] + limits)
        capture.controlOut(0x41, 0x13, 0, 0, [0x09, 0, 0, 0, 0x80, 0, 0, 0] + limits)
        capture.bulkOut(0x01, [2])
        #expect(
            try imported(capture.pcap()).events.joined == [
                .baud(.host, bitsPerSecond: 115_200), .controlLines([.dataTerminalReady, .requestToSend]),
                .data(.hostToChip, [1, 0x11]), .note("the adapter's flow control: RTS/CTS"), .data(.hostToChip, [2]),
            ])
    }

    /// The SIO of FTDI: a table of rates, and before each packet to it the packet's length.
    @Test func theFirstOfFTDI() throws {
        var capture = USBCapture(.usbmon64)
        capture.enumerate(0x0403, 0x8372, [(0, 0xFF, 0xFF, [(0x81, 2, 64), (0x02, 2, 64)])])
        capture.controlOut(0x40, 0x03, 9)
        let data = (0..<100).map { UInt8($0) }
        // 63 << 2 | 1, and 37 << 2 | 1.
        let packets: [[UInt8]] = [[0xFD], Array(data[..<63]), [0x95], Array(data[63...])]
        capture.bulkOut(0x02, packets.flatMap { $0 })
        capture.bulkIn(0x81, [0x01, 0x60, 0x55])
        #expect(
            try imported(capture.pcap()).events.joined == [
                .baud(.host, bitsPerSecond: 115_200), .data(.hostToChip, data), .data(.chipToHost, [0x55]),
            ])
    }
}
