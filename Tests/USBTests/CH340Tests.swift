import Line
import Testing
import USB

/// Trace formats §B.6, CH340/CH341.
@Suite struct CH340Tests {
    /// Prescaler and divisor as Linux writes them.
    @Test(arguments: [(0xCC83, 115_200), (0xB282, 9600), (0xF387, 921_600)] as [(UInt16, UInt32)])
    func prescalerAndDivisorAreARate(index: UInt16, rate: UInt32) {
        #expect(events(of: CH340(), 0x40, 0x9A, 0x1312, index) == [.baud(rate)])
    }

    /// In WCH's own drivers: 115200 = CC/3; F3/7 → 923,077; FD/3 → 2.0 M; FE/3 → 3.0 M; B2/2 → 9615.
    @Test(
        arguments: [
            (0xCC8B, 115_200), (0xF38F, 921_600), (0xFD8B, 2_000_000), (0xFE8B, 3_000_000), (0xB28A, 9600),
        ] as [(UInt16, UInt32)])
    func oneRequestOfTheVendorsDriverIsRateAndFormat(index: UInt16, rate: UInt32) {
        #expect(events(of: CH340(), 0x40, 0xA1, 0xC39C, index) == [.format(.eightNone1), .baud(rate)])
    }

    @Test func initialisationIsNoRate() {
        #expect(events(of: CH340(), 0x40, 0xA1, 0, 0) == [])
        #expect(events(of: CH340(), 0x40, 0xA1, 0x501F, 0xD90A) == [])
    }

    /// The 16-bit factor of older drivers: 1,532,620,800 / 921,600 = 1663 = 10000 − F981 (hexadecimal).
    @Test func aSecondWriteMakesTheRateFiner() {
        var adapter = CH340()
        // 48,000,000 / (8 · 7) is near to no rate that people use. Without bit 7 it waits for its other half.
        #expect(events(&adapter, 0x40, 0x9A, 0x1312, 0xF903) == [])
        #expect(events(&adapter, 0x40, 0x9A, 0x0F2C, 0x0081) == [.baud(921_600)])
    }

    /// Where the other half does not come, the first is the rate, before whatever comes instead.
    @Test func withoutTheSecondWriteTheFirstCounts() {
        var adapter = CH340()
        #expect(events(&adapter, 0x40, 0x9A, 0x1312, 0xCC03) == [])
        #expect(
            events(&adapter, 0x40, 0xA4, 0xFFFF) == [
                .baud(115_200), .lines([], mask: [.dataTerminalReady, .requestToSend]),
            ])
        #expect(events(&adapter, 0x40, 0x9A, 0x1312, 0xB202) == [])
        var output = AdapterOutput()
        adapter.settle(into: &output)
        adapter.settle(into: &output)
        #expect(output.events == [.baud(9600)])
    }

    @Test(
        arguments: [
            (0xC3, "8N1"), (0xCB, "8O1"), (0xDB, "8E1"), (0xEB, "8M1"), (0xFB, "8S1"), (0xC7, "8N2"), (0xDA, "7E1"),
            (0xC0, "5N1"),
        ] as [(UInt16, String)])
    func theLineControlRegisterIsAFormat(lcr: UInt16, format: String) {
        for made in [
            events(of: CH340(), 0x40, 0x9A, 0x2518, lcr), events(of: CH340(), 0x40, 0xA1, lcr << 8 | 0x9C, 0xCC8B),
        ] {
            guard case .format(let found)? = made.first else {
                Issue.record("\(made)")
                continue
            }
            #expect(found.description == format)
        }
    }

    /// Inverted: bit 5 DTR, bit 6 RTS.
    @Test(
        arguments: [
            (0xFF9F, [.dataTerminalReady, .requestToSend]), (0xFFDF, .dataTerminalReady), (0xFFBF, .requestToSend),
            (0xFFFF, []), (0x009F, [.dataTerminalReady, .requestToSend]),
        ] as [(UInt16, ControlLines)])
    func linesAreInverted(value: UInt16, lines: ControlLines) {
        #expect(events(of: CH340(), 0x40, 0xA4, value) == [.lines(lines, mask: outputs)])
    }

    /// ~ & 0F: 1 CTS, 2 DSR, 4 RI, 8 DCD; asked for, or told by the interrupt endpoint in its third byte.
    @Test(
        arguments: [
            (0xFE, .clearToSend), (0xFD, .dataSetReady), (0xFB, .ring), (0xF7, .carrierDetect), (0xFF, []),
            (0xF0, [.clearToSend, .dataSetReady, .ring, .carrierDetect]),
        ] as [(UInt8, ControlLines)])
    func modemStatusIsInvertedToo(status: UInt8, lines: ControlLines) {
        #expect(events(of: CH340(), 0xC0, 0x95, 0x0706, 0, [status, 0xEE]) == [.lines(lines, mask: inputs)])
        var adapter = CH340()
        #expect(told(&adapter, [0x00, 0x00, status, 0x00]) == [.lines(lines, mask: inputs)])
        #expect(told(&adapter, [0x00, 0x00, status]) == [])
    }

    /// Register 05 bit 0 and the LCR's transmit bit (40) cleared.
    @Test func aBreakIsItsBeginningOnly() {
        #expect(events(of: CH340(), 0x40, 0x9A, 0x1805, 0x8300) == [.breakSent])
        #expect(events(of: CH340(), 0x40, 0x9A, 0x1805, 0xC301) == [])
    }

    @Test func dataIsAsItIs() {
        var adapter = CH340()
        #expect(brought(&adapter, [1, 0x60, 3]).bytes == [1, 0x60, 3])
    }
}
