import Line
import Testing
import USB

/// Trace formats §B.6, FTDI.
@Suite struct FTDITests {
    /// The whole part, and a code for the eighths: 0→0, 1→.5, 2→.25, 3→.125, 4→.375, 5→.625, 6→.75, 7→.875.
    @Test(
        arguments: [
            // 3,000,000 / 26; / 3.25; / 6.5; / 312.5.
            (0x001A, 0, 115_200), (0x8003, 0, 921_600), (0x4006, 0, 460_800), (0x4138, 0, 9600),
            (0x0000, 0, 3_000_000), (0x0001, 0, 2_000_000), (0x0002, 0, 1_500_000),
            // Each code on a whole part of 100: none is near to a rate that people use.
            (0x0064, 0, 30_000), (0x4064, 0, 29_851), (0x8064, 0, 29_925), (0xC064, 0, 29_963), (0x0064, 1, 29_888),
            (0x4064, 1, 29_814), (0x8064, 1, 29_777), (0xC064, 1, 29_740),
        ] as [(UInt16, UInt16, UInt32)])
    func divisorsOfThreeMegahertz(value: UInt16, index: UInt16, rate: UInt32) {
        #expect(events(of: FTDI(), 0x40, 0x03, value, index) == [.baud(rate)])
    }

    /// Bit 17 is for chips with 12 MHz; where requests have a channel, the high bits stand one byte further up.
    @Test(
        arguments: [
            (0xC068, 0x0200, 115_200), (0xC068, 0x0201, 115_200), (0x000D, 0x0202, 921_600),
            (0x0000, 0x0201, 12_000_000),
            (0x0001, 0x0201, 8_000_000), (0x0064, 0x0301, 119_552), (0x0064, 0x0101, 29_888), (0x001A, 0x0001, 115_200),
        ] as [(UInt16, UInt16, UInt32)])
    func divisorsOfChannelledChips(value: UInt16, index: UInt16, rate: UInt32) {
        #expect(events(of: FTDI(isChannelled: true), 0x40, 0x03, value, index) == [.baud(rate)])
    }

    @Test func resetPurgesAndClearsLines() {
        #expect(events(of: FTDI(), 0x40, 0x00, 0) == [.lines([], mask: outputs)])
        #expect(events(of: FTDI(), 0x40, 0x00, 1) == [.purged(.input)])
        #expect(events(of: FTDI(), 0x40, 0x00, 2) == [.purged(.output)])
    }

    @Test func linesAreWrittenTogetherOrEach() {
        #expect(events(of: FTDI(), 0x40, 0x01, 0x0303) == [.lines(outputs, mask: outputs)])
        #expect(events(of: FTDI(), 0x40, 0x01, 0x0202) == [.lines(.requestToSend, mask: .requestToSend)])
        #expect(events(of: FTDI(), 0x40, 0x01, 0x0100) == [.lines([], mask: .dataTerminalReady)])
    }

    @Test(
        arguments: [
            (0x0008, "8N1"), (0x0108, "8O1"), (0x0208, "8E1"), (0x0308, "8M1"), (0x0408, "8S1"), (0x0808, "8N1.5"),
            (0x1008, "8N2"), (0x1207, "7E2"),
        ] as [(UInt16, String)])
    func dataCharacteristicsAreAFormat(value: UInt16, format: String) {
        guard case .format(let found)? = events(of: FTDI(), 0x40, 0x04, value).first else {
            Issue.record("no format")
            return
        }
        #expect(found.description == format)
        #expect(events(of: FTDI(), 0x40, 0x04, value | 0x4000).last == .breakSent)
    }

    @Test func theLatencyTimerIsTold() {
        #expect(events(of: FTDI(), 0x40, 0x09, 1) == [.latencyTimer(1)])
        #expect(events(of: FTDI(), 0x40, 0x09, 16, 1) == [.latencyTimer(16)])
    }

    /// A transfer holds many packets, each with its two bytes of status.
    @Test(arguments: [64, 512])
    func statusIsStrippedOfEachPacket(packet: Int) {
        let data = (0..<1500).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ 7) }
        var transfer: [UInt8] = []
        for start in stride(from: 0, to: data.count, by: packet - 2) {
            transfer += [0x01, 0x60] + data[start..<min(data.count, start + packet - 2)]
        }
        var adapter = FTDI(packetByteCount: packet)
        let made = brought(&adapter, transfer)
        #expect(made.bytes == data)
        #expect(made.events == [.lines([], mask: inputs), .data(count: 1500)])
        #expect(adapter.lineByteCount(ofTransfer: transfer.count) == data.count)
        // Two bytes alone keep the endpoint alive.
        #expect(brought(&adapter, [0x01, 0x60]).events == [])
        #expect(brought(&adapter, [0x01]).events == [])
        #expect(brought(&adapter, []).events == [])
    }

    @Test func statusTellsLinesAndErrors() {
        var adapter = FTDI()
        #expect(brought(&adapter, [0x11, 0x60]).events == [.lines(.clearToSend, mask: inputs)])
        #expect(brought(&adapter, [0x11, 0x60]).events == [])
        #expect(
            brought(&adapter, [0xE1, 0x60]).events == [.lines([.dataSetReady, .ring, .carrierDetect], mask: inputs)])
        for (bit, error) in [(0x02, .overrun), (0x04, .parity), (0x08, .framing), (0x10, .break)]
            as [(UInt8, ReceiveError)]
        {
            #expect(brought(&adapter, [0xE1, 0x60 | bit, 0x55]).events == [.error(error), .data(count: 1)])
            // Without data it is told again and again.
            #expect(brought(&adapter, [0xE1, 0x60 | bit]).events == [])
        }
    }

    @Test func anotherChannelIsNotItsOwn() {
        #expect(FTDI(channel: 2).isMine(USBSetup(0x40, 0x03, value: 0xC068, index: 0x0202)))
        #expect(!FTDI(channel: 2).isMine(USBSetup(0x40, 0x03, value: 0xC068, index: 0x0201)))
    }

    /// "SIO: table 0…9": 300 bits per second and its doubles, then 57600 and 115200 (Linux, `ftdi_sio.h`).
    @Test(
        arguments: zip(
            UInt16(0)...9, [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200] as [UInt32]))
    func ratesOfTheFirstAreNumbered(number: UInt16, rate: UInt32) {
        #expect(events(of: FTDI(isSIO: true), 0x40, 0x03, number) == [.baud(rate)])
    }

    @Test func thereIsNoTenth() {
        #expect(events(of: FTDI(isSIO: true), 0x40, 0x03, 10) == [.odd("rate 10 of a table of ten")])
    }

    /// `40/02`, "hIndex 1 RTS/CTS, 2 DTR/DSR, 4 XON".
    @Test(arguments: [(0x0000, "none"), (0x0100, "RTS/CTS"), (0x0200, "DTR/DSR"), (0x0500, "RTS/CTS, XON/XOFF")])
    func flowControl(index: UInt16, words: String) {
        #expect(events(of: FTDI(), 0x40, 0x02, 0, index) == [.flowControl(words)])
    }
}
