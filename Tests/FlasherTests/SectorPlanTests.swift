import TestForms
import Testing

@testable import Flasher

@Suite struct SectorPlans {
    private func plan(_ ranges: [Range<Int>], size: Int = 4 << 20) throws -> SectorPlan {
        try SectorPlan(
            ranges.map { Segment(address: $0.lowerBound, bytes: pattern($0.count, seed: $0.lowerBound)) },
            flashByteCount: size)
    }

    @Test func neighboursBecomeOneRegion() throws {
        let plan = try plan([0x1000..<0x1004, 0x1FFF..<0x2001, 0x5000..<0x6000])
        #expect(plan.regions == [0x1000..<0x3000, 0x5000..<0x6000])
        #expect(plan.sectorsToRead == [0x1000..<0x3000])
    }

    @Test("One command erases no more than can be waited for")
    func longRegionsAreCut() throws {
        let plan = try plan([0x1000..<0x201001])
        #expect(plan.regions == [0x1000..<0x101000, 0x101000..<0x201000, 0x201000..<0x202000])
        #expect(plan.sectorsToRead == [0x201000..<0x202000])
    }

    @Test func whatLiesAroundStays() throws {
        let plan = try plan([0x1010..<0x1020])
        let sector = Segment(address: 0x1000, bytes: pattern(0x1000, seed: 3))
        var expected = sector.bytes
        expected.replaceSubrange(0x10..<0x20, with: plan.segments[0].bytes)
        #expect(plan.image(of: 0x1000..<0x2000, over: [sector]) == expected)
    }

    @Test func refusals() {
        for (ranges, words) in [
            ([0..<0], "there is nothing to go to 0x0: the image is empty there"),
            ([0x1000..<0x2001], "the image is larger than the flash (4097 bytes, and the flash has 4096)"),
            ([0x800..<0x1001], "the image goes from 0x800 to 0x1001, and the flash ends at 0x1000"),
            ([5..<9, 8..<12], "two parts of the image overlap at 0x8"),
        ] as [([Range<Int>], String)] {
            #expect {
                try plan(ranges, size: 0x1000)
            } throws: {
                "\($0)" == words
            }
        }
        #expect(throws: SectorPlan.Refusal.self) { try plan([-4..<4]) }
    }

    @Test("A back-up of 2 MB and a flash of 1 MB: said before anything is touched")
    func anImageLargerThanTheFlash() throws {
        var chip = smallChip()
        chip.program = .stub
        var desk = Desk(.write([Segment(address: 0, bytes: pattern(2 << 20))]), chip: chip)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.what == "the image is larger than the flash (2097152 bytes, and the flash has 1048576).")
        #expect(failure.chip.flash == .untouched && failure.diagnosis == nil)
        #expect(desk.chip.commands == [0x90, 0x90] || desk.chip.commands == [0x90], "\(desk.chip.commands)")
    }
}

@Suite struct Reports {
    @Test("Phases in order, progress to the end, one last report")
    func order() {
        var chip = smallChip()
        chip.program = .stub
        var desk = Desk(.write([Segment(address: 0x3000, bytes: pattern(0x1000))]), chip: chip)
        desk.run()
        let phases = desk.reports.compactMap { if case .started(let phase, _) = $0 { phase } else { nil } }
        #expect(
            phases == [
                .stubCheck, .changeBaud, .backup, .verify, .saveBackup, .write, .verify, .verify, .restoreBaud,
            ])
        #expect(desk.reports.contains(.progress(.write, done: 0x1000, total: 0x1000)))
        #expect(desk.reports.contains(.progress(.backup, done: 1 << 20, total: 1 << 20)))
        #expect(desk.reports.last == desk.flasher.outcome.map(FlasherReport.finished))
        #expect(desk.steps?.filter { $0.range != nil }.map(\.phase) == [.backup, .write, .verify])
    }

    @Test("A second ^C does not wait")
    func abortTwice() {
        var chip = smallChip()
        chip.program = .stub
        var desk = Desk(.read(nil), chip: chip)
        desk.until = { $0.chip.heard.count > 20 }
        desk.run()
        desk.flasher.abort(at: desk.now)
        #expect(desk.flasher.outcome == nil)
        desk.flasher.abort(at: desk.now)
        #expect(desk.failure?.what == "stopped by the user.")
        #expect(desk.flasher.deadline == nil)
    }

    @Test("^C while the back-up is being saved writes nothing")
    func abortBeforeSaved() {
        var chip = smallChip()
        chip.program = .stub
        var desk = Desk(.write([Segment(address: 0x3000, bytes: pattern(0x1000))]), chip: chip)
        desk.savesBackup = false
        desk.run()
        desk.flasher.abort(at: desk.now)
        desk.flasher.backupSaved(at: desk.now)
        desk.run()
        #expect(desk.failure?.chip == ChipState(flash: .untouched, program: .stub))
        #expect(desk.chip.flash == chip.flash)
        #expect(desk.chip.baud == 115_200)
    }
}
