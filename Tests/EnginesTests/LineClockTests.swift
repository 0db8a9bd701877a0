import Emulator
import Images
import Line
import Testing
import Wire

@testable import Bench

/// The line's clock: what a real host does at a port (ECR6600 facts §11.2, §13), with the wall's clock in our hands.
@Suite struct LineClockTests {
    private func chip(_ start: ChipSettings.Start = .rom, stub: StubImage.Version? = .community) -> Chip {
        var settings = ChipSettings()
        settings.start = start
        settings.stub = stub
        settings.timing = TimeMode(.wire).chipTiming
        return Chip(settings: settings, flash: NORFlash(id: .gd25q16e))
    }

    private func frame(_ head: [UInt8]) -> [UInt8] { head + [head.reduce(0, &+)] }

    /// The sync word, the header for so many bytes, and the answers 01 and 00 (§1.4).
    private func enter(_ bench: ScriptedBench<Chip>, uploading count: Int) throws {
        try bench.pass(.milliseconds(100))
        bench.client.write(toChip: Array("cnys".utf8))
        #expect(try bench.answer(1, within: .milliseconds(50)) == [1])
        let length = UInt32(count)
        bench.client.write(
            toChip: [1, 0, 0, 0, 0, 0, 1, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
        #expect(try bench.answer(1, within: .milliseconds(50)) == [0])
    }

    /// A stub in one write: every piece is answered at once, the flash id 10 ms later within 200 ms, and the line has
    /// lived through all of the time that the bytes need.
    @Test(arguments: [26_096, 6860, 10_636, 17_308])
    func anUploadInOneWrite(count: Int) throws {
        let bench = ScriptedBench(chip())
        try enter(bench, uploading: count)
        let (wall, line) = (bench.clock.now, bench.port.moment)
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: count))
        try bench.pass(.milliseconds(10))
        let pieces = bench.client.take()
        #expect(pieces.map(\.byte) == [UInt8](repeating: 0, count: (count + 1023) / 1024))
        #expect(wall.duration(to: try #require(pieces.last).at) < .milliseconds(1))
        let needed = Duration.nanoseconds(Int64(count) * 86_805)
        let lived = line.duration(to: bench.port.moment) - .milliseconds(10)
        #expect(lived >= needed - .milliseconds(1) && lived <= needed + .milliseconds(1), "\(lived)")
        bench.client.write(toChip: frame([0xA5, 0x90, 0, 0]))
        #expect(
            try bench.answer(10, within: .milliseconds(200))
                == [0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x15, 0, 0, 0x0B], "§5")
    }

    /// Read piece by piece, as a slow reader finds it: one write, one burst.
    @Test func anUploadReadInPieces() throws {
        let bench = ScriptedBench(chip())
        try enter(bench, uploading: 26_096)
        let line = bench.port.moment
        let wall = bench.clock.now
        var rest = 26_096
        while rest > 0 {
            bench.client.write(toChip: [UInt8](repeating: 0x55, count: min(4095, rest)))
            rest -= min(4095, rest)
            try bench.pass(.milliseconds(20))
        }
        try bench.pass(.milliseconds(1))
        #expect(bench.client.take().count == 26)
        // The first piece of 4,095 bytes alone is no burst: 20 ms of it crossed in the wall's time.
        let lead = line.duration(to: bench.port.moment) - wall.duration(to: bench.clock.now)
        #expect(lead > .milliseconds(2265 - 141) && lead < .milliseconds(2266), "\(lead)")
    }

    /// §13.7: a host that keeps to the line's speed has its last answer within two characters of its last byte.
    @Test func aPacedUploadIsNotChargedTwice() throws {
        let bench = ScriptedBench(chip())
        try enter(bench, uploading: 26_096)
        let began = bench.clock.now
        for piece in 0..<204 {
            let count = min(128, 26_096 - 128 * piece)
            bench.client.write(toChip: [UInt8](repeating: 0x55, count: count))
            let due = began.advanced(by: .nanoseconds(Int64(128 * piece + count) * 86_805))
            try bench.pass(bench.clock.now.duration(to: due))
        }
        let end = bench.clock.now
        try bench.pass(.milliseconds(5))
        let pieces = bench.client.take()
        #expect(pieces.count == 26)
        #expect(
            end.duration(to: try #require(pieces.last).at) <= .microseconds(1174), "the turns are a millisecond apart")
        #expect(bench.clock.now == bench.port.moment, "it never went ahead")
    }

    /// A vendor's frame of 4,102 bytes takes its 356 ms at 115200 baud, and it is the wall's clock that they pass on.
    @Test func aFrameKeepsRealTime() throws {
        let bench = ScriptedBench(chip(.stub, stub: .vendor134))
        try bench.pass(.milliseconds(100))
        bench.client.write(toChip: frame([0xA5, 2, 8, 0, 0, 0x90, 0, 0, 0, 0x10, 0, 0]))
        #expect(try bench.answer(6, within: .seconds(1)) == [0x5A, 2, 0, 0, 0, 0x5C], "§4.2")
        let begin = bench.clock.now
        bench.client.write(toChip: frame([0xA5, 2, 1, 0x10, 0x10] + [UInt8](repeating: 0x5A, count: 4096)))
        #expect(try bench.answer(6, within: .seconds(2)) == [0x5A, 2, 0, 0, 0, 0x5C])
        let taken = begin.duration(to: bench.clock.now)
        #expect(taken > .milliseconds(356) && taken < .milliseconds(390), "\(taken)")
        #expect(bench.clock.now == bench.port.moment)
    }

    /// An XMODEM block of 1,029 bytes takes its 11.3 ms at 921600 baud, also right behind a burst's 50 ms.
    @Test func aBlockKeepsRealTimeBehindABurst() throws {
        let bench = ScriptedBench(chip())
        try enter(bench, uploading: 26_096)
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: 26_096))
        try bench.pass(.milliseconds(10))
        bench.client.write(toChip: frame([0xA5, 7, 4, 0, 0, 0x10, 0x0E, 0]))
        try bench.pass(.milliseconds(10))
        bench.client.clientBaud = 921_600
        _ = bench.client.take()
        #expect(try bench.answer(6, within: .milliseconds(200)) == [0x5A, 7, 0, 0, 0, 0x61], "§4.2")
        bench.client.write(toChip: frame([0xA5, 0x91, 8, 0, 0, 0x90, 0, 0, 0, 4, 0, 0]))
        #expect(try bench.answer(7, within: .seconds(1)).last == 0x43, "§10")
        let begin = (wall: bench.clock.now, line: bench.port.moment)
        let data = [UInt8](repeating: 0x5A, count: 1024)
        let sum = CRC16.of(data.span)
        bench.client.write(toChip: [2, 1, 0xFE] + data + [UInt8(sum >> 8), UInt8(sum & 0xFF)])
        #expect(try bench.answer(1, within: .seconds(1)) == [6])
        let taken = begin.wall.duration(to: bench.clock.now)
        #expect(taken > .milliseconds(11.1) && taken < .milliseconds(20), "\(taken)")
        #expect(begin.line.duration(to: bench.port.moment) == taken)
    }

    /// What comes within 50 ms belongs to the burst, and does not prolong it.
    @Test func aBurstIsOver() {
        var clock = LineClock(goesAhead: true)
        let second = Instant(nanoseconds: 1_000_000_000)
        func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
        #expect(clock.goAhead(waiting: 5120, until: second, atWall: at(0)) == nil)
        #expect(clock.goAhead(waiting: 5121, until: second, atWall: at(0)) == .seconds(1))
        clock.hasGoneAhead(atWall: at(0))
        #expect(
            clock.goAhead(waiting: 5, until: second.advanced(by: .milliseconds(50)), atWall: at(49)) == .milliseconds(1)
        )
        clock.hasGoneAhead(atWall: at(49))
        #expect(clock.goAhead(waiting: 5, until: second.advanced(by: .seconds(1)), atWall: at(51)) == nil)
        #expect(clock.lead == .milliseconds(1001))
    }

    /// What falls due while the bench is at work is due at once, and not when something else wakes it.
    @Test func nothingIsForgottenWhileTimePasses() throws {
        let bench = ScriptedBench(chip())
        try enter(bench, uploading: 26 * 1024)
        bench.clock.tick = .microseconds(30)
        for _ in 0..<25 {
            bench.client.write(toChip: [UInt8](repeating: 0x55, count: 1024))
            let begin = bench.clock.now
            #expect(try bench.answer(1, within: .seconds(1)) == [0])
            let taken = begin.duration(to: bench.clock.now)
            // 1,024 characters at 115200 baud are 88.9 ms; the answer's one ends while the bench is at work.
            #expect(taken < .milliseconds(92), "\(taken)")
        }
    }

    @Test func strictNeverGoesAhead() throws {
        let bench = ScriptedBench(chip(), time: TimeMode(.wire, isStrict: true))
        try enter(bench, uploading: 26_096)
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: 26_096))
        try bench.pass(.milliseconds(2200))
        #expect(bench.client.take().count == 24, "2.2 s are 25,344 bytes")
        #expect(bench.clock.now == bench.port.moment)
    }

    /// Takes everything and says nothing.
    private struct Deaf: Machine {
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 1)) }
    }

    /// A client that writes without end at the slowest of rates: no wait, no overflow; in the end it is held back.
    @Test func aFloodMovesTimeOnlySoFar() throws {
        let bench = ScriptedBench(Deaf())
        bench.client.clientBaud = 1
        for _ in 0..<60 {
            bench.client.write(toChip: [UInt8](repeating: 0, count: 65_536))
            _ = try bench.port.turn()
        }
        #expect(bench.port.moment.duration(to: .zero) > .zero - LineClock.mostLead - .seconds(2 * 65_536 * 10))
        #expect(bench.port.moment > Instant(nanoseconds: 0).advanced(by: .seconds(86_400 * 300)))
    }
}
