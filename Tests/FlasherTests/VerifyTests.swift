import Images
import TestForms
import Testing

@testable import Flasher

/// What a comparison says when the flash is not the image.
@Suite struct Comparisons {
    private func chip(_ changed: [Int], hasTable: Bool = true) throws -> FakeChip {
        var chip = smallChip()
        if hasTable { chip.flash.replaceSubrange(0..<0x1000, with: try FlashLayout.small1MB.table.bytes()) }
        for address in changed { chip.flash[address] ^= 0x40 }
        chip.program = .stub
        return chip
    }

    private func compare(_ ranges: [Range<Int>], _ changed: [Int], hasTable: Bool = true) throws -> Desk {
        let whole = try chip([], hasTable: hasTable).flash
        var desk = Desk(
            .verify(ranges.map { Segment(address: $0.lowerBound, bytes: Array(whole[$0])) }),
            chip: try chip(changed, hasTable: hasTable))
        desk.run()
        return desk
    }

    @Test func theFirstAddressTheCountThePartition() throws {
        let desk = try compare([0x7000..<0x9000], [0x7123, 0x8001, 0x8002])
        let failure = try #require(desk.failure)
        #expect(failure.what == "the flash differs from the image in 3 bytes, the first at 0x7123, in partition cpu.")
        #expect(failure.remedy == "Nothing was written.")
        #expect(failure.difference == FlashDifference(first: 0x7123, byteCount: 3, partition: "cpu"))
        #expect(failure.phase == .verify && failure.diagnosis == nil && failure.chip.flash == .untouched)
        #expect(desk.chip.erasedSectors == 0 && desk.chip.programmedBlocks == 0)
    }

    @Test func allPartsAreCounted() throws {
        let desk = try compare([0x1000..<0x2000, 0x7000..<0x8000, 0xFE000..<0x100000], [0x7001, 0xFE000, 0xFFFFF])
        #expect(try #require(desk.failure).difference == FlashDifference(first: 0x7001, byteCount: 3, partition: "cpu"))
    }

    @Test func withoutATableThereIsNoPartition() throws {
        let desk = try compare([0x7000..<0x8000], [0x7FFF], hasTable: false)
        #expect(
            try #require(desk.failure).what == "the flash differs from the image in 1 byte, the first at 0x7FFF.")
    }

    @Test func whatAgreesIsNotRead() throws {
        let desk = try compare([0..<0x3000, 0x7000..<0x8000], [])
        #expect(desk.steps != nil && !desk.chip.commands.contains(0x92))
    }
}

/// Where a write stops.
@Suite struct StoppedWrites {
    private func write(_ dead: Int) throws -> FlasherFailure {
        var chip = smallChip()
        chip.program = .stub
        nonisolated(unsafe) var blocks = 0
        // From a block on, nothing of the host's reaches the chip.
        chip.toChip = { run, _ in
            if run.count == 1029 { blocks += 1 }
            return blocks >= dead ? nil : run
        }
        var desk = Desk(.write([Segment(address: 0x8000, bytes: pattern(0x3000))], backup: false), chip: chip)
        desk.run()
        return try #require(desk.failure)
    }

    @Test("The address is named, and the diagnosis has it", arguments: [1, 6])
    func address(dead: Int) throws {
        let failure = try write(dead)
        let address = 0x8000 + (dead - 1) * 1024
        #expect(failure.stoppedAt == address)
        let lines = failure.description.split(separator: "\n")
        #expect(lines[1] == "The write stopped at 0x\(String(address, radix: 16, uppercase: true)).")
        let diagnosis = try #require(failure.diagnosis)
        #expect(diagnosis.observations.stoppedAt == address)
        #expect(diagnosis.lines[0].hasSuffix(", in the write at 0x\(String(address, radix: 16, uppercase: true))."))
    }

    @Test("Other jobs stop nowhere")
    func otherJobs() throws {
        var chip = smallChip()
        chip.program = .silent
        var desk = Desk(.info, chip: chip)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.stoppedAt == nil && failure.diagnosis?.observations.stoppedAt == nil)
        #expect(!failure.description.contains("stopped at"))
    }
}

/// ECR6600 facts §11.3: "the first byte of an answer was not 5A".
@Suite struct WrongMagic {
    private func log(_ answer: [UInt8], dialect: Dialect = .rdtool) -> [String] {
        var port = HostPort()
        port.keepsLog = dialect == .rdtool
        var command = eraseChip(FlasherSettings())
        command.begin(&port)
        for byte in answer {
            let one = [byte]
            port.arrive(one.span)
            _ = command.receive(&port)
        }
        port.logTimeout()
        var lines: [String] = []
        while let report = port.nextReport() { if case .log(let line) = report { lines.append(line) } }
        return lines
    }

    @Test func anAnswerThatDoesNotBeginWith5A() {
        #expect(log([0, 1, 2, 3, 4, 5, 6, 7]) == ["RECV_RSP: recv magic is error!"])
        #expect(log([0xDA, 5, 0, 0, 0, 0x5F]) == ["RECV_RSP: recv magic is error!"])
        // Too short for an answer: its users saw the length.
        #expect(log([0, 1, 2]) == ["RECV_RSP: recv timeout: recv length is: 3"])
        #expect(log([]) == [])
        // A good one, and one with a wrong sum: neither is about the magic.
        #expect(log([0x5A, 5, 0, 0, 0, 0x5F]) == [])
        #expect(log([0x5A, 5, 0, 0, 0, 0x5E]) == ["RECV_RSP: recv timeout: recv length is: 6"])
        #expect(log([0, 1, 2, 3, 4, 5, 6, 7], dialect: .vendor) == [])
    }
}
