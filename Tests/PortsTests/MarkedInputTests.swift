import CPorts
import Glibc
import Line
import Ports
import Testing

/// What only a real port says: the bytes that a terminal gives with PARMRK (termios(3)), and what a driver counts. No
/// pseudo-terminal can show either.
@Suite struct MarkedInputTests {
    private func taken(_ pieces: [[UInt8]]) -> ([UInt8], [MarkedInput.Flaw]) {
        var input = MarkedInput()
        var (characters, flaws): ([UInt8], [MarkedInput.Flaw]) = ([], [])
        for piece in pieces { input.take(piece.span, into: &characters, flaws: &flaws) }
        return (characters, flaws)
    }

    @Test(
        arguments: [
            ([0x41, 0xFF, 0xFF, 0x42], [0x41, 0xFF, 0x42], []),
            ([0xFF, 0x00, 0x55, 0x01], [0x55, 0x01], [MarkedInput.Flaw(.framing, at: 0)]),
            ([0x01, 0xFF, 0x00, 0x00], [0x01, 0x00], [MarkedInput.Flaw(.break, at: 1)]),
            (
                [0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00], [0xFF, 0xFF, 0x00],
                [MarkedInput.Flaw(.framing, at: 0), MarkedInput.Flaw(.break, at: 2)]
            ),
            ([0x00, 0x00], [0x00, 0x00], []),
            // No terminal says this.
            ([0xFF, 0x07], [0xFF, 0x07], []),
        ] as [([UInt8], [UInt8], [MarkedInput.Flaw])])
    func marksAreTakenOffWhereverTheyAreCut(bytes: [UInt8], characters: [UInt8], flaws: [MarkedInput.Flaw]) {
        for pieces in [[bytes], bytes.map { [$0] }] {
            let found = taken(pieces)
            #expect(found.0 == characters)
            #expect(found.1 == flaws)
        }
    }

    /// A real line discipline doubles each FF, and what is taken is what was sent.
    @Test func aTerminalThatMarksGivesEveryByte() throws {
        var device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        try host.markErrors()
        _ = try watch(&device) { $0.contains(.opened) }
        let all = (0...255).map { UInt8($0) } + [0xFF, 0xFF, 0x00]
        #expect(try device.write(all.span) == all.count)
        var input = MarkedInput()
        var (characters, flaws): ([UInt8], [MarkedInput.Flaw]) = ([], [])
        let clock = MonotonicClock()
        let end = Instant(nanoseconds: 2_000_000_000)
        while characters.count < all.count, clock.now < end {
            _ = try Readiness.wait(for: [host.pollDescriptor()], until: end, clock: clock)
            try host.read { input.take($0, into: &characters, flaws: &flaws) }
        }
        #expect(characters == all)
        #expect(flaws.isEmpty)
        // A change of rate leaves the marks on.
        try host.setBaud(921_600)
        #expect(try device.write([0xFF].span) == 1)
        _ = try Readiness.wait(for: [host.pollDescriptor()], until: clock.now.advanced(by: .seconds(2)), clock: clock)
        var raw: [UInt8] = []
        try host.read { bytes in raw += bytes.withUnsafeBufferPointer { Array($0) } }
        #expect(raw == [0xFF, 0xFF])
    }

    // MARK: Lines and counts

    /// `TIOCM_*` of <asm-generic/termios.h>, and LINKTYPE_RTAC_SERIAL's numbers.
    @Test(
        arguments: [
            (Int32(0x002), ControlLines.dataTerminalReady), (0x004, .requestToSend), (0x020, .clearToSend),
            (0x040, .carrierDetect), (0x080, .ring), (0x100, .dataSetReady), (0x000, []),
            (0x1E6, [.dataTerminalReady, .requestToSend, .clearToSend, .carrierDetect, .ring, .dataSetReady]),
        ] as [(Int32, ControlLines)])
    func linesHaveTheirNumbers(modem: Int32, lines: ControlLines) {
        #expect(ports_lines_of(modem) == UInt32(lines.rawValue))
    }

    /// `struct serial_icounter_struct` of <linux/serial.h>: cts, dsr, rng, dcd, rx, tx, frame, overrun, parity, brk,
    /// buf_overrun, nine reserved.
    @Test func countsStandWhereTheKernelPutsThem() {
        let kernel: [Int32] = [1, 20, 300, 4000, 5, 6, 7, 80, 9, 10, 1100] + [Int32](repeating: -1, count: 9)
        var counts = ports_receive_counts()
        kernel.withUnsafeBytes { ports_receive_counts_of($0.baseAddress, &counts) }
        #expect(counts.overrun == 1180)
        #expect(counts.line_changes == 4321)
    }

    @Test func countsWrapAround() {
        let before = ReceiveCounts(overrun: .max - 1)
        #expect(ReceiveCounts(overrun: 1).overrun(since: before) == 3)
    }

    @Test func aPseudoTerminalHasNeither() throws {
        let device = try PseudoTerminal()
        let host = try SerialPort.open(path: device.path, baud: 115_200)
        #expect(host.controlLines == nil)
        #expect(host.receiveCounts == nil)
        #expect(host.setLines([.requestToSend]) == false)
        #expect(device.hangsUpOnClose == false)
        device.beginWithHangUp()
        #expect(device.hangsUpOnClose == true)
        let client = try Client(opening: device.path)
        var settings = termios()
        #expect(tcgetattr(client.descriptor, &settings) == 0)
        settings.c_cflag &= ~tcflag_t(HUPCL)
        #expect(tcsetattr(client.descriptor, TCSANOW, &settings) == 0)
        #expect(device.hangsUpOnClose == false, "it is the client's to say")
    }
}
