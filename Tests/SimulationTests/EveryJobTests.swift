import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// A loader, and how it is talked to.
struct Pairing: Sendable, CustomTestStringConvertible {
    var dialect: Dialect
    var version: StubImage.Version
    /// 1…10 for compressed transfers (§10, commands 96 and 97).
    var compression: Int?

    var testDescription: String {
        "\(dialect.rawValue) dialect, stub \(version.rawValue)\(compression.map { ", level \($0)" } ?? "")"
    }

    var settings: FlasherSettings {
        var settings = FlasherSettings()
        settings.compression = compression
        return settings
    }

    /// Frames are known to every stub, XMODEM to the community's (ECR6600 facts §4.1).
    static let all =
        [nil, 1, 2, 10].map { Pairing(dialect: .community, version: .community, compression: $0) }
        + [Pairing(dialect: .community, version: .communityOfDecember2025)] + vendor
    static let vendor = [StubImage.Version.community, .vendor131, .vendor134, .vendor1311, .vendor140].map {
        Pairing(dialect: .vendor, version: $0)
    }
}

/// Every job in every dialect on every loader that knows it, each looked at in the chip's own flash.
@Suite struct EveryJobTests {
    private static let byteCount = 1 << 20
    private static let id = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
    private let before = SampleFlash.image(byteCount: byteCount, seed: 11)

    private func run(_ job: Job, _ pairing: Pairing, timing: ChipTiming = .brisk) -> JobRun<Chip> {
        var settings = ChipSettings()
        settings.timing = timing
        var flash = NORFlash(id: Self.id)
        flash.load(before)
        let run = JobRun(
            Flasher(
                job: job, dialect: pairing.dialect, stub: StubImage.placeholder(for: pairing.version),
                settings: pairing.settings),
            on: Chip(settings: settings, flash: flash))
        run.finish()
        return run
    }

    /// A host that begins when the chip has had its time to start.
    private static let late: FlasherSettings = {
        var settings = FlasherSettings()
        settings.stubCheckPause = .milliseconds(100)
        return settings
    }()

    private func isUnchanged(_ run: JobRun<Chip>) -> Bool { run.line.device.flash.contents == before }

    /// §4.1: a vendor's stub answers 90 with FF and 03; whoever then waits for a loader is told that there was an answer.
    @Test(arguments: [StubImage.Version.vendor131, .vendor134, .vendor1311, .vendor140])
    func aStubOfAnotherDialectIsNotSilence(version: StubImage.Version) {
        var settings = ChipSettings()
        settings.timing = .brisk
        settings.start = .stub
        settings.stub = version
        var patience = Self.late
        patience.syncWindow = .seconds(1)
        let run = JobRun(
            Flasher(
                job: .info, dialect: .community, stub: StubImage.placeholder(for: .community), settings: patience),
            on: Chip(settings: settings, flash: NORFlash(id: Self.id)))
        run.finish()
        #expect(!run.isSuccess)
        #expect(
            run.retries.contains { $0.hasPrefix("look for a stub: a stub answers but does not know FLASH ID") },
            "\(run.story)")
    }

    @Test(arguments: Pairing.all)
    func info(pairing: Pairing) throws {
        let run = run(.info, pairing)
        try run.requireSuccess()
        let info = try #require(run.info)
        #expect(info.flashID == (pairing.dialect == .vendor ? nil : Self.id))
        #expect(info.flashByteCount == Self.byteCount)
        #expect(!info.stubWasRunning)
        #expect(run.retries.isEmpty)
        #expect(isUnchanged(run))
    }

    /// §5: the sizes that a flash id can name; the vendor dialect finds them by asking for their last bytes. The size
    /// codes are those that every stub knows (§4).
    @Test(arguments: [0x14, 0x15, 0x16] as [UInt8], Pairing.all)
    func sizes(code: UInt8, pairing: Pairing) throws {
        let run = JobRun(
            Flasher(job: .info, dialect: pairing.dialect, stub: StubImage.placeholder(for: pairing.version)),
            on: Chip(
                settings: ChipSettings(), flash: NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: code))))
        run.finish()
        #expect(run.info?.flashByteCount == 1 << Int(code), "\(run.story)")
    }

    @Test(arguments: Pairing.all)
    func readsAPart(pairing: Pairing) throws {
        let run = run(.read(0x1003..<0xB123), pairing)
        try run.requireSuccess()
        #expect(run.read.map { $0 == Array(before[0x1003..<0xB123]) } == true)
        #expect(isUnchanged(run))
    }

    @Test(arguments: Pairing.all)
    func readsEverything(pairing: Pairing) throws {
        let run = run(.read(nil), pairing, timing: .wire)
        try run.requireSuccess()
        #expect(run.read.map { $0 == before } == true)
        #expect(run.retries.isEmpty, "\(run.retries)")
    }

    @Test(arguments: [ChipTiming.wire, .fast], Pairing.all)
    func writesAfterABackup(timing: ChipTiming, pairing: Pairing) throws {
        let new = SampleFlash.application("new", byteCount: 0xA345, seed: 12)
        let run = run(.write([Segment(address: 0x7010, bytes: new)]), pairing, timing: timing)
        try run.requireSuccess()
        #expect(run.backup.map { $0 == before } == true)
        var expected = before
        expected.replaceSubrange(0x7010..<(0x7010 + new.count), with: new)
        #expect(run.line.device.flash.contents == expected)
        #expect(run.retries.isEmpty, "\(run.retries)")
    }

    /// §10: what is written at address 0 with 02 in one command must not be longer than 4 KB; the chip would say nothing
    /// any more.
    @Test(arguments: Pairing.all)
    func writesFromAddress0(pairing: Pairing) throws {
        let new = Array(SampleFlash.image(byteCount: Self.byteCount, seed: 13).prefix(0x15000))
        let run = run(.write([Segment(address: 0, bytes: new)], backup: false), pairing, timing: .wire)
        try run.requireSuccess()
        #expect(run.line.device.flash.contents == new + before.dropFirst(new.count))
        #expect(run.retries.isEmpty, "\(run.retries)")
    }

    @Test(arguments: Pairing.all)
    func erasesAPart(pairing: Pairing) throws {
        let run = run(.erase(0x3000..<0x25000), pairing)
        try run.requireSuccess()
        var expected = before
        expected.replaceSubrange(0x3000..<0x25000, with: repeatElement(0xFF, count: 0x22000))
        #expect(run.line.device.flash.contents == expected)
    }

    @Test(arguments: Pairing.all)
    func erasesTheChip(pairing: Pairing) throws {
        let run = run(.erase(nil, backup: false), pairing, timing: .wire)
        try run.requireSuccess()
        #expect(run.line.device.flash.contents.allSatisfy { $0 == 0xFF })
    }

    @Test(arguments: Pairing.all)
    func verifies(pairing: Pairing) throws {
        let part = Segment(address: 0x1235, bytes: Array(before[0x1235..<0x4321]))
        let good = run(.verify([part]), pairing)
        try good.requireSuccess()
        let bad = run(.verify([Segment(address: 0x1236, bytes: part.bytes)]), pairing)
        let isRefused = bad.outcome != nil && !bad.isSuccess
        #expect(isRefused)
        let areUnchanged = isUnchanged(good) && isUnchanged(bad)
        #expect(areUnchanged)
    }

    @Test(arguments: Pairing.all)
    func starts(pairing: Pairing) throws {
        let run = run(.run, pairing)
        try run.requireSuccess()
        #expect(run.line.device.loaderName?.hasPrefix("stub") == false)
    }

    /// §4.1: 08 in the vendor's stubs, 99 in the community's, which has no 08; its first build has neither.
    @Test(arguments: Pairing.all)
    func readsTheEFuse(pairing: Pairing) throws {
        let run = run(.efuse, pairing)
        let knowsNone = pairing.dialect == .vendor && pairing.version == .community
        if knowsNone || pairing.version == .communityOfDecember2025 {
            let isFailure = run.outcome != nil && !run.isSuccess
            #expect(isFailure)
        } else {
            try run.requireSuccess()
            #expect(run.efuse == EFuse.sample.bytes)
        }
    }

    /// A stub that was there before is found, and asked what it can do.
    @Test(arguments: Pairing.all)
    func findsARunningStub(pairing: Pairing) throws {
        var settings = ChipSettings()
        settings.start = .stub
        settings.stub = pairing.version
        var flash = NORFlash(id: Self.id)
        flash.load(before)
        let run = JobRun(
            Flasher(job: .read(0x2000..<0x6000), dialect: pairing.dialect, stub: [], settings: Self.late),
            on: Chip(settings: settings, flash: flash))
        run.finish()
        #expect(run.info?.stubWasRunning == true, "\(run.story)")
        #expect(run.read.map { $0 == Array(before[0x2000..<0x6000]) } == true, "\(run.story)")
    }

    /// Stopped in the middle of a write, the host leaves the stub taking commands: the next job finds it.
    @Test(arguments: [20, 200] as [Int64], Pairing.all)
    func leavesTheStubReady(milliseconds: Int64, pairing: Pairing) throws {
        var settings = ChipSettings()
        settings.start = .stub
        settings.stub = pairing.version
        let new = SampleFlash.application("new", byteCount: 0x8000, seed: 12)
        let run = JobRun(
            Flasher(
                job: .write([Segment(address: 0x4000, bytes: new)], backup: false), dialect: pairing.dialect, stub: [],
                settings: Self.late),
            on: Chip(settings: settings, flash: NORFlash(id: Self.id)))
        var writingSince: Instant?
        run.finish { line in
            if line.host.chip.flash == .partlyWritten, writingSince == nil { writingSince = line.now }
            return writingSince.map { $0.duration(to: line.now) >= .milliseconds(milliseconds) } ?? false
        }
        run.line.host.abort(at: run.line.now)
        run.finish()
        let program = run.line.host.chip.program
        #expect(program == .stub, "\(run.story)")
        run.goOn(with: Flasher(job: .info, dialect: pairing.dialect, stub: []))
        run.finish()
        #expect(run.info?.stubWasRunning == true, "\(run.story)")
    }
}
