import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// The imitation of RDTool against the emulated chip (ECR6600 facts §11.3).
@Suite struct RDToolTests {
    private static let byteCount = 1 << 20
    private static let id = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
    private static let stubs = [StubImage.Version.vendor134, .vendor140, .vendor1311, .community]
    private let before = SampleFlash.image(byteCount: byteCount, seed: 31)

    private func flasher(
        _ job: Job, _ version: StubImage.Version, settings: FlasherSettings = .usual(for: .rdtool)
    ) -> Flasher {
        Flasher(job: job, dialect: .rdtool, stub: StubImage.placeholder(for: version), settings: settings)
    }

    private func chip(_ settings: ChipSettings = ChipSettings()) -> Chip {
        var flash = NORFlash(id: Self.id)
        flash.load(before)
        return Chip(settings: settings, flash: flash)
    }

    private func run(_ job: Job, _ version: StubImage.Version) -> JobRun<Chip> {
        let run = JobRun(flasher(job, version), on: chip())
        run.finish()
        return run
    }

    @Test(arguments: stubs)
    func backsUp(version: StubImage.Version) throws {
        let run = run(.read(nil), version)
        try run.requireSuccess()
        let isWhole = run.read == before
        #expect(isWhole)
        #expect(run.retries.isEmpty, "\(run.retries)")
        // One line for each 0x400 bytes (§11.3), in order.
        let lines = run.log.filter { $0.hasPrefix("UP_FLASH: ") }
        #expect(lines.count == Self.byteCount / 0x400)
        #expect(lines.first == "UP_FLASH: block: 0x0, pos: (0x0, 0x0)")
        #expect(lines.last?.hasSuffix("pos: (0x3ff, 0xffc00)") == true)
        #expect(!run.log.contains { $0.hasPrefix("RECV_RSP") })
    }

    /// §11.3: the upload needs nothing from the host while it runs; §4.3: all of it is one request, but not of 1.3.11,
    /// which must be asked for 8 KB at a time.
    @Test(arguments: stubs)
    func asksOnceForEverything(version: StubImage.Version) throws {
        nonisolated(unsafe) var requests: [Int] = []
        let run = JobRun(
            flasher(.read(nil), version),
            on: Meddled(chip()) { run, _ in
                // `A5 03 08 00`, address, length (§4.2).
                if run.count == 13, run.starts(with: [0xA5, 0x03, 0x08, 0x00]) {
                    let length = run[8..<12].reversed().reduce(0) { $0 << 8 | Int($1) }
                    if length > 8 { requests.append(length) }
                }
                return run
            })
        run.finish()
        try run.requireSuccess()
        // 1.4.0 has no SHA-256 (§4.1): what it sent is read again to be compared, in pieces as the other dialect does it.
        let backUp = requests.prefix { $0 == requests.first }
        if version == .vendor1311 {
            #expect(backUp.count == Self.byteCount / 0x2000)
        } else {
            #expect(Array(backUp) == [Self.byteCount])
        }
    }

    @Test(arguments: stubs)
    func writesAndStartsTheFirmware(version: StubImage.Version) throws {
        let new = SampleFlash.application("new", byteCount: 0xA345, seed: 32)
        let run = run(.write([Segment(address: 0x7010, bytes: new)]), version)
        try run.requireSuccess()
        let isBackedUp = run.backup == before
        #expect(isBackedUp)
        var expected = before
        expected.replaceSubrange(0x7010..<(0x7010 + new.count), with: new)
        let isRight = run.line.device.flash.contents == expected
        #expect(isRight)
        // §11.3: “After a download it starts the firmware (RUN).”
        #expect(run.line.device.loaderName?.hasPrefix("stub") != true)
        #expect(run.line.host.portBaud == 115_200)
        let stub = try #require(run.log.firstIndex(of: "Begin to download STUB"))
        let ends = run.log.indices.filter { run.log[$0] == "DL_TRUNK: trunk downloaded 100.00%" }
        #expect(ends.count == 2, "the stub, then the image")
        #expect(try #require(ends.first) > stub)
    }

    @Test(arguments: stubs)
    func verifies(version: StubImage.Version) throws {
        let part = Segment(address: 0x1235, bytes: Array(before[0x1235..<0x4321]))
        try run(.verify([part]), version).requireSuccess()
        let bad = run(.verify([Segment(address: 0x1236, bytes: part.bytes)]), version)
        let isRefused = bad.outcome != nil && !bad.isSuccess
        #expect(isRefused)
    }

    /// §11.3: boot baud 115200, download baud 2 000 000.
    @Test func itsBauds() throws {
        nonisolated(unsafe) var bauds: [UInt32] = []
        let run = JobRun(
            flasher(.read(0..<0x1000), .vendor134),
            on: Meddled(chip()) { run, _ in
                if run.starts(with: [0xA5, 0x07, 0x04, 0x00]) {
                    bauds.append(run.span.littleEndian(UInt32.self, at: 4))
                }
                return run
            })
        run.finish()
        try run.requireSuccess()
        #expect(bauds == [2_000_000, 115_200])
        #expect(try #require(run.log.first).contains("imitated"))
    }

    /// The dialects that imitate nothing log nothing.
    @Test func vendorLogsNothing() throws {
        let run = JobRun(
            Flasher(job: .info, dialect: .vendor, stub: StubImage.placeholder(for: .vendor134)), on: chip())
        run.finish()
        try run.requireSuccess()
        #expect(run.log.isEmpty)
    }
}

/// RDTool's complaint, `RECV_RSP` (§11.3): seen with 1 and with 3 bytes, and only where at least one came.
@Suite struct RDToolTroubleTests {
    private func trouble(_ stray: [UInt8]) -> JobRun<Stray> {
        var settings = FlasherSettings.usual(for: .rdtool)
        settings.syncWindow = .seconds(3)
        let run = JobRun(
            Flasher(
                job: .read(nil), dialect: .rdtool, stub: StubImage.placeholder(for: .vendor134), settings: settings),
            on: Stray(stray, at: Instant(nanoseconds: 1_000_000_000)))
        run.finish()
        return run
    }

    @Test func silenceHasNoLine() {
        let run = trouble([])
        #expect(!run.log.contains { $0.hasPrefix("RECV_RSP") }, "\(run.log)")
        #expect(run.failure?.diagnosis?.causeClass == .silence)
    }

    @Test(arguments: [[0x80], [0x80, 0x00, 0xC0]] as [[UInt8]])
    func strayBytesAreCounted(bytes: [UInt8]) {
        let run = trouble(bytes)
        let lines = run.log.filter { $0.hasPrefix("RECV_RSP") }
        #expect(lines == ["RECV_RSP: recv timeout: recv length is: \(bytes.count)"])
        #expect(run.failure?.diagnosis?.causeClass == .fewBytes)
    }

    /// One byte of the upload, lost or changed: the rest is listened to, and asked for again. A full frame has a sum over
    /// its first five bytes only (§10), so a byte changed in its middle is found by comparing at the end.
    @Test(arguments: Nibbled.Damage.allCases, [StubImage.Version.vendor134, .vendor140, .community])
    func mendsAnUpload(damage: Nibbled.Damage, version: StubImage.Version) throws {
        let before = SampleFlash.image(byteCount: 1 << 20, seed: 33)
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        var settings = ChipSettings()
        settings.start = .stub
        settings.stub = version
        var host = FlasherSettings.usual(for: .rdtool)
        host.stubCheckPause = .milliseconds(100)
        let run = JobRun(
            Flasher(job: .read(0..<0x28000), dialect: .rdtool, stub: [], settings: host),
            on: Nibbled(Chip(settings: settings, flash: flash), damage: damage))
        run.finish()
        try run.requireSuccess()
        let isRight = run.read.map { $0 == Array(before[..<0x28000]) } == true
        #expect(isRight)
        #expect(!run.retries.isEmpty)
        let isLogged = run.log.contains { $0.hasPrefix("RECV_RSP") }
        #expect(isLogged == (damage == .lostByte), "\(run.retries)")
    }

    /// Stopped in the middle of an upload, the host listens to its end and leaves a stub that takes commands.
    @Test func stopsInAnUpload() {
        var settings = ChipSettings()
        settings.start = .stub
        settings.stub = .vendor134
        var host = FlasherSettings.usual(for: .rdtool)
        host.stubCheckPause = .milliseconds(100)
        let run = JobRun(
            Flasher(job: .read(0..<0x40000), dialect: .rdtool, stub: [], settings: host),
            on: Chip(settings: settings, flash: NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))))
        run.finish { $0.now > Instant(nanoseconds: 1_500_000_000) }
        #expect(run.outcome == nil)
        run.line.host.abort(at: run.line.now)
        run.finish()
        let chip = run.line.host.chip
        #expect(chip == ChipState(flash: .untouched, program: .stub))
        #expect(run.line.host.portBaud == 115_200)
    }
}

/// A chip of whose second frame of 64 KB one byte is lost or changed on its way.
struct Nibbled: Machine {
    enum Damage: CaseIterable, Sendable { case lostByte, changedByte, changedSum }

    private var chip: Chip
    private let damage: Damage
    private var sentCount = 0
    private var isDone = false

    init(_ chip: Chip, damage: Damage) {
        self.chip = chip
        self.damage = damage
    }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) { chip.receive(characters, timing: timing) }

    mutating func advance(to now: Instant) { chip.advance(to: now) }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        let start = characters.count
        guard let timing = chip.transmit(into: &characters) else { return nil }
        sentCount += characters.count - start
        if !isDone, sentCount > 0x18000, characters.count > start {
            isDone = true
            switch damage {
            case .lostByte: characters.removeLast()
            case .changedByte: characters[characters.count - 100] ^= 0x20
            case .changedSum: characters[characters.count - 1] ^= 0x20
            }
        }
        return timing
    }

    var deadline: Instant? { chip.deadline }

    func receiverClock(at moment: Instant) -> ReceiverClock { chip.receiverClock(at: moment) }
}

extension JobRun {
    var failure: FlasherFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }
}

/// A line on which there is nobody, and some bytes come from somewhere.
struct Stray: Machine {
    private var bytes: [UInt8]
    private let at: Instant
    private var now = Instant.zero

    init(_ bytes: [UInt8], at: Instant) {
        self.bytes = bytes
        self.at = at
    }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}

    mutating func advance(to now: Instant) { self.now = now }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard !bytes.isEmpty, now >= at else { return nil }
        characters += bytes
        bytes = []
        return RunTiming(start: now, backToBackAt: BitRate(baud: 115_200))
    }

    var deadline: Instant? { bytes.isEmpty ? nil : at }

    func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
}
