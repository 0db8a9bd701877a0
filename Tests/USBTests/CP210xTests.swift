import Line
import Testing
import USB

/// Trace formats §B.6, CP210x.
@Suite struct CP210xTests {
    @Test func ratesAreNumbersOrDivisors() {
        #expect(events(of: CP210x(), 0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00]) == [.baud(115_200)])
        #expect(events(of: CP210x(), 0x41, 0x1E, 0, 0, [0x00, 0x10, 0x0E, 0x00]) == [.baud(921_600)])
        // Said in so many words, it is what was meant.
        #expect(events(of: CP210x(), 0x41, 0x1E, 0, 0, [0x01, 0xC2, 0x01, 0x00]) == [.baud(115_201)])
        // 3,686,400 / 32, and / 384.
        #expect(events(of: CP210x(), 0x41, 0x01, 32) == [.baud(115_200)])
        #expect(events(of: CP210x(), 0x41, 0x01, 384) == [.baud(9600)])
    }

    @Test(arguments: [(0x41, 0x1E, [1, 2, 3]), (0x41, 0x1E, [])] as [(UInt8, UInt8, [UInt8])])
    func whatIsTooShortIsNothing(requestType: UInt8, request: UInt8, data: [UInt8]) {
        #expect(events(of: CP210x(), requestType, request, 0, 0, data) == [])
    }

    /// IMM_CHAR: a byte ahead of those that wait.
    @Test func aCharacterInARequestIsSent() {
        #expect(events(of: CP210x(), 0x41, 0x06, 0x0011) == [.sentAtOnce(0x11)])
    }

    /// SET_FLOW, "16 bytes": DTR in bits 0 and 1 of the first word, RTS in bits 6 and 7 of the second (AN571).
    @Test(
        arguments: [
            // What Linux sets without flow control, with both lines asserted, and with none.
            ([0x01, 0, 0, 0, 0x40, 0, 0, 0], [.dataTerminalReady, .requestToSend], outputs, "none"),
            ([0x00, 0, 0, 0, 0x00, 0, 0, 0], [], outputs, "none"),
            // CRTSCTS: CTS is heeded, RTS is the flow's.
            ([0x09, 0, 0, 0, 0x80, 0, 0, 0], [.dataTerminalReady], [.dataTerminalReady], "RTS/CTS"),
            ([0x12, 0, 0, 0, 0x43, 0, 0, 0], [.requestToSend], [.requestToSend], "DTR/DSR, XON/XOFF"),
        ] as [([UInt8], ControlLines, ControlLines, String)])
    func flowControlHoldsLines(head: [UInt8], asserted: ControlLines, mask: ControlLines, words: String) {
        let data = head + [0x80, 0, 0, 0, 0x80, 0, 0, 0]
        #expect(
            events(of: CP210x(), 0x41, 0x13, 0, 0, data) == [.lines(asserted, mask: mask), .flowControl(words)])
        #expect(events(of: CP210x(), 0x41, 0x13, 0, 0, Array(data.dropLast())) == [])
    }

    /// GET_BAUDRATE and GET_LINE_CTL, as a driver asks when the port is opened.
    @Test func whatItAnswersIsReported() {
        #expect(events(of: CP210x(), 0xC1, 0x1D, 0, 0, [0x00, 0x10, 0x0E, 0x00]) == [.reportedBaud(921_600)])
        #expect(events(of: CP210x(), 0xC1, 0x1D, 0, 0, [0, 0, 0, 0]) == [])
        #expect(events(of: CP210x(), 0xC1, 0x04, 0, 0, [0x00, 0x08]) == [.reportedFormat(.eightNone1)])
        #expect(events(of: CP210x(), 0xC1, 0x04, 0, 0, [0x00, 0x00]) == [])
    }

    @Test func aDivisorOfZeroIsOdd() {
        guard case .odd? = events(of: CP210x(), 0x41, 0x01, 0).first else {
            Issue.record("taken")
            return
        }
    }

    @Test(
        arguments: [
            (0x0800, "8N1"), (0x0810, "8O1"), (0x0820, "8E1"), (0x0830, "8M1"), (0x0840, "8S1"), (0x0801, "8N1.5"),
            (0x0802, "8N2"), (0x0722, "7E2"),
        ] as [(UInt16, String)])
    func lineControlIsAFormat(value: UInt16, format: String) {
        guard case .format(let found)? = events(of: CP210x(), 0x41, 0x03, value).first else {
            Issue.record("no format")
            return
        }
        #expect(found.description == format)
    }

    /// The high byte is a write mask.
    @Test func eachLineIsWrittenForItself() {
        #expect(events(of: CP210x(), 0x41, 0x07, 0x0303) == [.lines(outputs, mask: outputs)])
        #expect(events(of: CP210x(), 0x41, 0x07, 0x0101) == [.lines(.dataTerminalReady, mask: .dataTerminalReady)])
        #expect(events(of: CP210x(), 0x41, 0x07, 0x0200) == [.lines([], mask: .requestToSend)])
        #expect(events(of: CP210x(), 0x41, 0x07, 0x0003) == [])
    }

    @Test func thePortOpensClosesPurgesAndBreaks() {
        #expect(events(of: CP210x(), 0x41, 0x00, 1) == [.opened])
        #expect(events(of: CP210x(), 0x41, 0x00, 0) == [.closed])
        #expect(events(of: CP210x(), 0x41, 0x12, 0x000F) == [.purged(.both)])
        #expect(events(of: CP210x(), 0x41, 0x12, 0x000A) == [.purged(.input)])
        #expect(events(of: CP210x(), 0x41, 0x12, 0x0005) == [.purged(.output)])
        #expect(events(of: CP210x(), 0x41, 0x05, 1) == [.breakSent])
        #expect(events(of: CP210x(), 0x41, 0x05, 0) == [])
    }

    /// 10 CTS, 20 DSR, 40 RI, 80 DCD.
    @Test func modemStatusIsAskedFor() {
        #expect(events(of: CP210x(), 0xC1, 0x08, 0, 0, [0x13]) == [.lines(.clearToSend, mask: inputs)])
        #expect(
            events(of: CP210x(), 0xC1, 0x08, 0, 0, [0xE0]) == [
                .lines([.dataSetReady, .ring, .carrierDetect], mask: inputs)
            ])
    }

    @Test func embeddedEventsAreTakenOut() {
        var adapter = CP210x()
        #expect(brought(&adapter, [0xEC, 0x00, 0x41]).bytes == [0xEC, 0x00, 0x41])
        #expect(events(&adapter, 0x41, 0x15, 0x00EC) == [])
        let made = brought(
            &adapter, [0x41, 0xEC, 0x00, 0x42, 0xEC, 0x01, 0x0E, 0x43, 0xEC, 0x02, 0x10, 0xEC, 0x03, 0x30, 0x44])
        #expect(made.bytes == [0x41, 0xEC, 0x42, 0x43, 0x44])
        #expect(
            made.events == [
                .data(count: 3), .error(.overrun), .error(.parity), .error(.framing), .data(count: 1), .error(.break),
                .lines([.clearToSend, .dataSetReady], mask: inputs), .data(count: 1),
            ])
        _ = events(&adapter, 0x41, 0x15, 0)
        #expect(brought(&adapter, [0xEC, 0x00]).bytes == [0xEC, 0x00])
    }

    /// An event may be cut anywhere between two transfers.
    @Test func anyChunkingGivesTheSame() {
        let bytes: [UInt8] = [0x41, 0xEC, 0x00, 0x42, 0xEC, 0x01, 0x08, 0x43, 0xEC, 0x03, 0x10, 0x44, 0xEC, 0x00]
        for cut in 0...bytes.count {
            for second in cut...bytes.count {
                var adapter = CP210x()
                _ = events(&adapter, 0x41, 0x15, 0x00EC)
                let parts = [bytes[..<cut], bytes[cut..<second], bytes[second...]].map { brought(&adapter, Array($0)) }
                #expect(parts.flatMap(\.bytes) == [0x41, 0xEC, 0x42, 0x43, 0x44, 0xEC])
                let others = parts.flatMap(\.events).filter { if case .data = $0 { false } else { true } }
                #expect(others == [.error(.framing), .lines(.clearToSend, mask: inputs)])
            }
        }
    }

    @Test func anUnknownEmbeddedEventIsOdd() {
        var adapter = CP210x()
        _ = events(&adapter, 0x41, 0x15, 0x00EC)
        let made = brought(&adapter, [0xEC, 0x77, 0x41])
        #expect(made.bytes == [0x41])
        #expect(made.events == [.odd("an embedded event with the code 119"), .data(count: 1)])
    }

    @Test func anotherInterfaceIsNotItsOwn() {
        #expect(CP210x(interface: 1).isMine(USBSetup(0x41, 0x1E, index: 1)))
        #expect(!CP210x(interface: 1).isMine(USBSetup(0x41, 0x1E, index: 0)))
    }
}
