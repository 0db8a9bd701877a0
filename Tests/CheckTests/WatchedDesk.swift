import Check
import Digests
import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Wire

/// A bench that is watched: a test says what each end sends, and what happens.
struct WatchedDesk {
    static let byteCount = 1 << 16
    /// Of a size code that says nothing; the contents are a mixture of runs and numbers.
    static let factory: NORFlash = {
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0), byteCountIfUnknown: byteCount)
        flash.load((0..<byteCount).map { UInt8(truncatingIfNeeded: $0 < 0x4000 ? $0 &* 7 &+ $0 >> 8 : 0xFF) })
        return flash
    }()
    static let image = [Segment(address: 0x1000, bytes: [UInt8](repeating: 0x5A, count: 0x800))]

    var flash = Self.factory
    var hookup = Hookup.wired
    var watch: BenchWatch
    var now = Instant.zero
    private var received = 0
    /// How the next runs are cut: lengths, over and over.
    var cuts = [Int.max]

    init(texts: [String] = ["OpenBeken"], flash: NORFlash = factory) {
        self.flash = flash
        watch = BenchWatch(.wired, flash: flash, factory: Self.factory, image: Self.image, texts: texts)
    }

    func holds(_ conditions: BenchExpectation.Condition...) -> Bool { watch.holds(BenchExpectation(conditions)) }

    // MARK: The line

    private mutating func cut(_ bytes: [UInt8], _ send: (inout Self, ArraySlice<UInt8>, RunTiming) -> Void) {
        var rest = bytes[...]
        var place = 0
        while !rest.isEmpty {
            let part = rest.prefix(cuts[place % cuts.count])
            place += 1
            rest = rest.dropFirst(part.count)
            let timing = RunTiming(start: now, backToBackAt: BitRate(baud: 921_600))
            now = timing.end(of: part.count)
            send(&self, part, timing)
        }
    }

    mutating func host(_ bytes: [UInt8]) {
        cut(bytes) { $0.watch.sent(Array($1).span, $2, .hostToChip) }
    }

    mutating func chip(_ bytes: [UInt8]) {
        cut(bytes) { desk, part, timing in
            desk.received += part.count
            desk.watch.received(Array(part).span, timing)
        }
    }

    /// What the chip sends arrives as something else.
    mutating func chip(_ bytes: [UInt8], damagedTo damaged: [UInt8]) {
        watch.happened(
            LineEvent(
                now,
                .difference(
                    LineDifference(
                        .chipToHost, hostOffset: received, hostCount: damaged.count, chipCharacters: bytes,
                        cause: .ground))))
        chip(damaged)
    }

    mutating func happened(_ kind: LineEvent.Kind) { watch.happened(LineEvent(now, kind)) }

    mutating func event(_ kind: ChipEvent.Kind) { watch.note(ChipEvent(time: now, kind: kind)) }

    mutating func change(_ change: (inout Hookup) -> Void) {
        change(&hookup)
        watch.note(hookup)
    }

    /// The flash is written in place, as if by the chip.
    mutating func store(_ bytes: [UInt8], at address: Int) {
        let sector = NORFlash.sectorByteCount
        flash.eraseSectors((address % sector + bytes.count + sector - 1) / sector, at: address)
        flash.program(bytes.span, at: address)
        watch.note(flash)
    }

    // MARK: Dialogues

    mutating func ask(_ request: StubRequest, answer: StubAnswer? = nil) {
        host(request.bytes)
        chip((answer ?? StubAnswer(request.command)).bytes)
    }

    /// One read by 03 (ECR6600 facts §4.3). - Parameter change: what is wrong with what comes.
    mutating func upload(_ range: Range<Int>, _ change: (inout [UInt8]) -> Void = { _ in }) {
        host(StubRequest(.flashUpload, address: UInt32(range.lowerBound), length: UInt32(range.count)).bytes)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
            var data = flash.bytes(start..<min(range.upperBound, start + 4096))
            change(&data)
            chip(StubAnswer(.flashUpload, data: data).bytes)
        }
    }

    /// One read by 92, or 96 (§10). - Parameter change: what is wrong with the stream of a block before its CRC is made.
    mutating func read(
        _ range: Range<Int>, compressed: Bool = false, _ change: (Int, inout [UInt8]) -> Void = { _, _ in }
    ) {
        var request = StubRequest(
            compressed ? .xmodemReadCompressed : .xmodemRead, address: UInt32(range.lowerBound),
            length: UInt32(range.count))
        if compressed { request.body.append(6) }
        ask(request)
        host([XMODEM.ready])
        let stream = compressed ? RawDeflate.compress(flash.bytes(range), level: 6) : flash.bytes(range)
        for (index, block) in Self.blocks(stream).enumerated() {
            var block = block
            change(index, &block)
            var bytes: [UInt8] = []
            XMODEM.appendBlock(number: UInt8(truncatingIfNeeded: index + 1), data: block.span, to: &bytes)
            chip(bytes)
            host([XMODEM.ack])
        }
        chip([XMODEM.eot])
        host([XMODEM.ack])
    }

    /// One write by 91, or 97; the flash takes `stored`.
    mutating func write(_ data: [UInt8], at address: Int, compressed: Bool = false, stored: [UInt8]? = nil) {
        let command: StubCommand = compressed ? .xmodemWriteCompressed : .xmodemWrite
        ask(StubRequest(command, address: UInt32(address), length: UInt32(data.count)))
        chip([XMODEM.ready])
        let stream = compressed ? RawDeflate.compress(data, level: 6) : data
        for (index, block) in Self.blocks(stream).enumerated() {
            var bytes: [UInt8] = []
            XMODEM.appendBlock(number: UInt8(truncatingIfNeeded: index + 1), data: block.span, to: &bytes)
            // Once refused, and sent again.
            if index == 0 {
                host(bytes)
                chip([XMODEM.nak])
            }
            host(bytes)
            chip([XMODEM.ack])
        }
        store(stored ?? data, at: address)
        host([XMODEM.eot])
        chip([XMODEM.ack])
    }

    /// One write by 02 (§4.3), whose second frame is sent again.
    mutating func download(_ data: [UInt8], at address: Int) {
        ask(StubRequest(.flashDownload, address: UInt32(address), length: UInt32(data.count)))
        store(data, at: address)
        for start in stride(from: 0, to: data.count, by: 1024) {
            let part = Array(data[start..<min(data.count, start + 1024)])
            var frame = StubRequest(.flashDownload)
            frame.body = [0] + part
            if start == 1024 {
                host(frame.bytes)
                chip(StubAnswer(.flashDownload, status: .checksum).bytes)
                frame.body[0] = 1
            }
            ask(frame)
        }
    }

    /// The chip tells the SHA-256 of a range as it is.
    mutating func hash(_ range: Range<Int>) {
        ask(
            StubRequest(.sha256, address: UInt32(range.lowerBound), length: UInt32(range.count)),
            answer: StubAnswer(.sha256, data: SHA256.of(flash.bytes(range))))
    }

    private static func blocks(_ stream: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: stream.count, by: 1024).map { start in
            let block = Array(stream[start..<min(stream.count, start + 1024)])
            return block + [UInt8](repeating: XMODEM.padding, count: 1024 - block.count)
        }
    }
}

/// A test that fails prints what it was about, and this holds a flash.
extension WatchedDesk: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "a desk at \(now)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
