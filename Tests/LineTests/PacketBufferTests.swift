import Line
import Testing

/// What an adapter holds back: numbers by hand from AN232B-04, 62 characters a packet and 16 ms, at 1 Mbaud, where a
/// character takes 10 µs.
@Suite struct PacketBufferTests {
    private let rate = BitRate(baud: 1_000_000)

    private func at(_ microseconds: Int64) -> Instant { Instant(nanoseconds: microseconds * 1000) }

    private func run(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

    private func taken(_ packets: inout PacketBuffer, by moment: Instant) -> [UInt8] {
        var bytes: [UInt8] = []
        packets.take(by: moment, into: &bytes)
        return bytes
    }

    /// A character that begins at 5 ms has arrived at 5.010 ms and is handed over at 21.010 ms.
    @Test func aSingleCharacterWaitsForTheTimer() {
        var packets = PacketBuffer(Adapter(.ft232r))
        packets.append([0x06].span, timing: RunTiming(start: at(5000), backToBackAt: rate))
        #expect(packets.deadline == at(21_010))
        #expect(packets.count == 1)
        #expect(taken(&packets, by: Instant(nanoseconds: 21_009_999)).isEmpty)
        #expect(taken(&packets, by: at(21_010)) == [0x06])
        #expect(packets.deadline == nil)
        #expect(packets.count == 0)
    }

    @Test func aFullPacketDoesNotWait() {
        var packets = PacketBuffer(Adapter(.ft232r))
        packets.append(run(62).span, timing: RunTiming(start: .zero, backToBackAt: rate))
        #expect(packets.deadline == nil)
        #expect(taken(&packets, by: at(620)) == run(62))
    }

    /// A block of 1029: 16 packets go at once; the 37 characters behind them wait from the arrival of the 993rd on.
    @Test func theRestOfABlockWaits() {
        var packets = PacketBuffer(Adapter(.ft232r))
        packets.append(run(1029).span, timing: RunTiming(start: .zero, backToBackAt: rate))
        #expect(taken(&packets, by: at(10_290)).count == 992)
        #expect(packets.deadline == at(9930 + 16_000))
        #expect(taken(&packets, by: at(25_930)).count == 37)
    }

    /// The timer runs from the first character, and what comes later does not set it back.
    @Test func whatComesLaterGoesWithIt() {
        var packets = PacketBuffer(Adapter(.ft232r))
        packets.append([1].span, timing: RunTiming(start: .zero, backToBackAt: rate))
        packets.append([2].span, timing: RunTiming(start: at(15_000), backToBackAt: rate))
        #expect(packets.deadline == at(16_010))
        // The third came too late for that packet and begins the next.
        packets.append([3].span, timing: RunTiming(start: at(16_005), backToBackAt: rate))
        #expect(taken(&packets, by: at(16_015)) == [1, 2])
        #expect(packets.deadline == at(32_015))
    }

    /// At 300 baud a character takes 33.3 ms: each is a packet by itself.
    @Test func aSlowLine() {
        var packets = PacketBuffer(Adapter(.ft232r))
        packets.append([1, 2, 3].span, timing: RunTiming(start: .zero, spacing: 33_000_000_000, rate: rate))
        #expect(taken(&packets, by: at(99_000)) == [1, 2])
        #expect(packets.deadline == at(115_000))
    }

    /// Ours for the others: a USB frame.
    @Test(arguments: [(Adapter.Kind.ch340, 32), (.cp2102, 64)])
    func otherAdapters(kind: Adapter.Kind, size: Int) {
        var packets = PacketBuffer(Adapter(kind))
        packets.append(run(size + 1).span, timing: RunTiming(start: .zero, backToBackAt: rate))
        #expect(taken(&packets, by: at(Int64(size + 1) * 10)) == run(size))
        #expect(packets.deadline == at(Int64(size + 1) * 10 + 1000))
    }

    /// Handed over by a slow driver or a quick one, the packets are the same, and nothing is lost or turned round.
    @Test(arguments: 1...20)
    func piecesChangeNothing(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = run(700)
        let spacing = Int64(generator.next(below: 2_000_000_000))
        let whole = RunTiming(start: at(7), spacing: spacing, rate: rate)
        var atOnce = PacketBuffer(Adapter(.ft232r))
        atOnce.append(sent.span, timing: whole)
        let end = whole.end(of: sent.count)
        var heard = taken(&atOnce, by: end)

        var inPieces = PacketBuffer(Adapter(.ft232r))
        var heardInPieces: [UInt8] = []
        var done = 0
        while done < sent.count {
            let count = min(sent.count - done, 1 + Int(generator.next(below: 150)))
            inPieces.append(sent.span.extracting(done..<(done + count)), timing: whole.dropping(done))
            done += count
            heardInPieces += taken(&inPieces, by: whole.end(of: done))
        }
        #expect(heardInPieces == heard, "seed \(seed)")
        // A run that is cut starts a nanosecond early at worst: times are whole ones.
        let difference = inPieces.deadline.flatMap { one in atOnce.deadline.map { one.duration(to: $0) } }
        #expect(difference.map { abs($0.wholeNanoseconds) <= 1 } ?? true, "seed \(seed)")
        #expect((inPieces.deadline == nil) == (atOnce.deadline == nil), "seed \(seed)")
        heard += taken(&atOnce, by: end.advanced(by: .seconds(1)))
        #expect(heard == sent, "seed \(seed)")
    }
}
