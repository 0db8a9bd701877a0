import Testing
import Wire

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
        #expect(throws: WireError.self) { try plan([0..<0]) }
        #expect(throws: WireError.self) { try plan([0x3FFFFF..<0x400001]) }
        #expect(throws: WireError.self) { try plan([5..<9, 8..<12]) }
        #expect(throws: WireError.self) { try plan([-4..<4]) }
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
