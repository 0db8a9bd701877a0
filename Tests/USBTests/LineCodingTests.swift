import Line
import Testing
import USB

/// Trace formats §B.6, PL2303 and CDC-ACM.
@Suite struct LineCodingTests {
    @Test func sevenBytesAreRateAndFormat() {
        // As in §B.9: 921600 8N1.
        let coding: [UInt8] = [0x00, 0x10, 0x0E, 0x00, 0x00, 0x00, 0x08]
        #expect(events(of: CDCACM(), 0x21, 0x20, 0, 0, coding) == [.baud(921_600), .format(.eightNone1)])
        #expect(events(of: PL2303(), 0x21, 0x20, 0, 0, coding) == [.baud(921_600), .format(.eightNone1)])
        #expect(events(of: CDCACM(), 0x21, 0x20, 0, 0, Array(coding.dropLast())) == [])
    }

    @Test(
        arguments: [
            (0, 0, 8, "8N1"), (1, 1, 7, "7O1.5"), (2, 2, 7, "7E2"), (0, 3, 5, "5M1"), (0, 4, 6, "6S1"),
        ] as [(UInt8, UInt8, UInt8, String)])
    func stopBitsParityAndDataBits(stop: UInt8, parity: UInt8, bits: UInt8, format: String) {
        let made = events(of: CDCACM(), 0x21, 0x20, 0, 0, [0x80, 0x25, 0, 0, stop, parity, bits])
        guard case .format(let found)? = made.last else {
            Issue.record("\(made)")
            return
        }
        #expect(made.first == .baud(9600))
        #expect(found.description == format)
    }

    @Test func anImpossibleCodingIsOdd() {
        #expect(
            events(of: CDCACM(), 0x21, 0x20, 0, 0, [0, 0, 0, 0, 9, 9, 99]) == [
                .odd("a rate of 0"), .odd("a frame format that cannot be: 9 9 99"),
            ])
    }

    /// 12,000,000 · 32 / (mantissa · 4^exponent): 208 and 2 are 115,385.
    @Test func theDivisorOfAPL2303() {
        #expect(events(of: PL2303(), 0x21, 0x20, 0, 0, [0xD0, 0x04, 0, 0x80, 0, 0, 8]).first == .baud(115_200))
        // 312 = 138 in hexadecimal, its ninth bit in the second byte, and 3: 19,231.
        #expect(events(of: PL2303(), 0x21, 0x20, 0, 0, [0x38, 0x07, 0, 0x80, 0, 0, 8]).first == .baud(19_200))
    }

    /// Of a TA / (mantissa · 2^exponent): 1666 = 682 in hexadecimal and 1; 1250 = 4E2 and 3.
    @Test(arguments: [nil, true])
    func theDivisorOfAPL2303TA(isTA: Bool?) {
        let adapter = PL2303(isTA: isTA)
        #expect(events(of: adapter, 0x21, 0x20, 0, 0, [0x82, 0x06, 1, 0x80, 0, 0, 8]).first == .baud(115_200))
        #expect(events(of: adapter, 0x21, 0x20, 0, 0, [0xE2, 0x24, 1, 0x80, 0, 0, 8]).first == .baud(38_400))
        // 1667 = 683 and 0: by its rate alone, 230,354.
        #expect(events(of: adapter, 0x21, 0x20, 0, 0, [0x83, 0x06, 0, 0x80, 0, 0, 8]).first == .baud(230_400))
    }

    @Test func aDivisorOfZeroIsOdd() {
        guard case .odd? = events(of: PL2303(), 0x21, 0x20, 0, 0, [0, 0, 0, 0x80, 0, 0, 8]).first else {
            Issue.record("taken")
            return
        }
    }

    @Test(
        arguments: [(0, []), (1, .dataTerminalReady), (2, .requestToSend), (3, [.dataTerminalReady, .requestToSend])]
            as [(UInt16, ControlLines)])
    func controlLineState(value: UInt16, lines: ControlLines) {
        #expect(events(of: CDCACM(), 0x21, 0x22, value) == [.lines(lines, mask: outputs)])
        #expect(events(of: PL2303(), 0x21, 0x22, value) == [.lines(lines, mask: outputs)])
    }

    @Test func breaks() {
        for value: UInt16 in [0xFFFF, 250] {
            #expect(events(of: CDCACM(), 0x21, 0x23, value) == [.breakSent])
            #expect(events(of: PL2303(), 0x21, 0x23, value) == [.breakSent])
        }
        #expect(events(of: CDCACM(), 0x21, 0x23, 0) == [])
    }

    private static let states: [(UInt8, [AdapterOutput.Event])] = [
        (0x04, [.error(.break)]), (0x10, [.error(.framing)]), (0x20, [.error(.parity)]), (0x40, [.error(.overrun)]),
    ]

    /// 01 DCD, 02 DSR, 04 break, 08 RI, 10 framing, 20 parity, 40 overrun.
    @Test func theNotificationOfCDC() {
        let mask: ControlLines = [.dataSetReady, .ring, .carrierDetect]
        func told(_ state: UInt8, interface: UInt8 = 0) -> [AdapterOutput.Event] {
            var adapter = CDCACM(interface: 0)
            return USBTests.told(&adapter, [0xA1, 0x20, 0, 0, interface, 0, 2, 0, state, 0])
        }
        #expect(told(0x01) == [.lines(.carrierDetect, mask: mask)])
        #expect(told(0x02) == [.lines(.dataSetReady, mask: mask)])
        #expect(told(0x08) == [.lines(.ring, mask: mask)])
        for (state, errors) in Self.states { #expect(told(state) == [.lines([], mask: mask)] + errors) }
        #expect(told(0x01, interface: 2) == [])
        var adapter = CDCACM()
        #expect(USBTests.told(&adapter, [0xA1, 0x20, 0, 0, 0, 0, 2, 0, 1]) == [])
        #expect(USBTests.told(&adapter, [0xA1, 0x00, 0, 0, 0, 0, 2, 0, 1, 0]) == [])
    }

    /// The same in the ninth byte, or the only one, and 80 CTS.
    @Test func theStateOfAPL2303() {
        func told(_ state: UInt8) -> [[AdapterOutput.Event]] {
            var adapter = PL2303()
            return [
                USBTests.told(&adapter, [0xA1, 0x20, 0, 0, 0, 0, 2, 0, state, 0]), USBTests.told(&adapter, [state]),
            ]
        }
        for made in told(0x80) { #expect(made == [.lines(.clearToSend, mask: inputs)]) }
        for made in told(0x0B) { #expect(made == [.lines([.carrierDetect, .dataSetReady, .ring], mask: inputs)]) }
        for (state, errors) in Self.states {
            for made in told(state) { #expect(made == [.lines([], mask: inputs)] + errors) }
        }
    }

    /// GET_LINE_CODING (A1/21), which drivers ask before they set; before anybody has set it, it says nothing.
    @Test func whatItAnswersIsReported() {
        let answer: [UInt8] = [0x00, 0x10, 0x0E, 0x00, 0, 0, 8]
        #expect(
            events(of: CDCACM(), 0xA1, 0x21, 0, 0, answer) == [.reportedBaud(921_600), .reportedFormat(.eightNone1)])
        #expect(
            events(of: PL2303(), 0xA1, 0x21, 0, 0, answer) == [.reportedBaud(921_600), .reportedFormat(.eightNone1)])
        #expect(events(of: CDCACM(), 0xA1, 0x21, 0, 0, [0, 0, 0, 0, 0, 0, 0]) == [])
        #expect(events(of: PL2303(), 0xA1, 0x21, 0, 0, [0x80, 0x03, 0x00, 0x80, 0, 0, 8]) == [])
    }
}
