import Digests
import Line
import TestForms
import Testing
import Wire
import Words

@testable import Flasher

/// 96 and 97 (ECR6600 facts §10).
@Suite struct CompressedTransfers {
    private static let settings: FlasherSettings = {
        var settings = FlasherSettings()
        settings.compression = 2
        return settings
    }()

    private func chip() -> FakeChip {
        var chip = smallChip()
        chip.program = .stub
        // Something that can be compressed: each byte four times.
        chip.flash = repeated(pattern(1 << 18), times: 4)
        return chip
    }

    private func desk(_ job: Job, _ chip: FakeChip) -> Desk { Desk(job, chip: chip, settings: Self.settings) }

    @Test("§10: 96 with address, length, level; fewer blocks than bytes")
    func reads() throws {
        var desk = desk(.read(0x1800..<0x9123), chip())
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome")")
        let isRight = desk.reports.contains(.readResult(Array(desk.chip.flash[0x1800..<0x9123]), from: 0x1800))
        #expect(isRight)
        #expect(desk.chip.heard.contains([0xA5, 0x96, 9, 0, 0, 0x18, 0, 0, 0x23, 0x79, 0, 0, 2, 0xFA]))
        // 31,011 bytes are 31 blocks of 92.
        #expect(desk.chip.heard.count { $0 == [0x06] } < 20)
    }

    @Test("§10: 97, a length that is a multiple of 4096, so of 4; whole blocks, EOT")
    func writes() throws {
        let chip = chip()
        let segment = Segment(address: 0x7123, bytes: [UInt8](repeating: 0x5A, count: 0x9000))
        var desk = desk(.write([segment], backup: false), chip)
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome")")
        var expected = chip.flash
        expected.replaceSubrange(segment.range, with: segment.bytes)
        #expect(desk.chip.flash == expected)
        #expect(desk.chip.heard.contains([0xA5, 0x97, 8, 0, 0, 0x70, 0, 0, 0, 0xA0, 0, 0, 0x54]))
        #expect(!desk.chip.commands.contains(0x91))
        #expect(desk.chip.programmedBlocks < 10)
    }

    @Test("§10: a stream that broke off may leave a rest behind: after it 91 and never 97 again")
    func goesOnUncompressed() throws {
        var chip = chip()
        nonisolated(unsafe) var acknowledgements = 0
        chip.toHost = { answer, _ in
            guard answer == [0x06] else { return answer }
            acknowledgements += 1
            return acknowledgements == 2 ? nil : answer
        }
        let segment = Segment(address: 0x7000, bytes: pattern(0x3000, seed: 7))
        var desk = desk(.write([segment], backup: false), chip)
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome")")
        #expect(Array(desk.chip.flash[segment.range]) == segment.bytes)
        #expect(desk.chip.commands.filter { $0 == 0x97 || $0 == 0x91 } == [0x97, 0x91])
    }

    @Test("§10: a rest from an earlier session spoils 97; the second pass goes with 91")
    func spoiledBuffer() throws {
        var chip = chip()
        // What is left of another stream: everything is shifted, here by a wrong block that the stub takes.
        chip.toChip = { run, _ in
            guard run.count == 1029, run[1] == 1 else { return run }
            var block: [UInt8] = []
            XMODEM.appendBlock(
                number: 1, data: RawDeflate.compress([1, 2, 3], level: 2).padded(to: 1024).span, to: &block)
            return block
        }
        let segment = Segment(address: 0x7000, bytes: [UInt8](repeating: 0, count: 0x1000))
        var desk = desk(.write([segment], backup: false), chip)
        desk.until = { desk in
            if desk.chip.commands.contains(0x91) { return true }
            return false
        }
        desk.run()
        desk.until = nil
        desk.chip.toChip = nil
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome")")
        #expect(Array(desk.chip.flash[segment.range]) == segment.bytes)
    }

    @Test("§10: 18 18 and 18 18 4E end a compressed transfer; the job goes on")
    func cancelled() {
        let range = 0..<0x1000
        let contents = [UInt8](repeating: 0x11, count: 0x1000)
        var block: [UInt8] = []
        XMODEM.appendBlock(
            number: 1, data: RawDeflate.compress(contents, level: 2).padded(to: 1024).span, to: &block)
        let accepted: [UInt8] = [0x5A, 0x96, 0, 0, 0, 0xF0]
        // Ten times without an ACK, as the stub sees it: it gives up, and is asked anew.
        let read = Talk(
            XmodemRead(Self.settings, range: range, level: 2),
            [accepted, block.dropLast() + [block.last! ^ 1], [0x18, 0x18], accepted, block, [0x04]])
        #expect(read.bytes == contents)

        let taken: [UInt8] = [0x5A, 0x97, 0, 0, 0, 0xF1, 0x43]
        let plain: [UInt8] = [0x5A, 0x91, 0, 0, 0, 0xEB, 0x43]
        let write = Talk(
            XmodemWrite(Self.settings, address: 0, bytes: contents, level: 2),
            [taken, [0x18, 0x18, 0x4E], [], [], [], plain, [0x06], [0x06], [0x06], [0x06], [0x06]])
        #expect(write.isDone, "\(write.heard.map { hexBytes($0.prefix(6)) })")
        #expect(write.heard[5].starts(with: [0xA5, 0x91]))
    }

    @Test(
        "Over a bad line: whatever happens, success is never reported with the wrong bytes",
        arguments: byForm(short: 0..<14, long: 0..<40))
    func badLine(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        func damage(_ run: [UInt8]) -> [UInt8]? {
            guard !run.isEmpty, generator.next(below: 15) == 0 else { return run }
            var run = run
            run[Int(generator.next(below: UInt64(run.count)))] ^= 1 << UInt8(generator.next(below: 8))
            return generator.next(below: 3) == 0 ? nil : run
        }
        var chip = chip()
        let before = chip.flash
        chip.toChip = { run, _ in damage(run) }
        chip.toHost = { answer, _ in damage(answer) }
        let segment = Segment(address: 0x7123, bytes: pattern(0x4345, seed: seed))
        var desk = desk(.write([segment], backup: false), chip)
        desk.run(limit: .seconds(100_000))
        #expect(desk.flasher.outcome != nil, "seed \(seed): \(desk.retries.suffix(5))")
        guard desk.steps != nil else { return }
        var expected = before
        expected.replaceSubrange(segment.range, with: segment.bytes)
        let isRight = desk.chip.flash == expected
        #expect(isRight, "seed \(seed)")
    }
}

extension [UInt8] {
    fileprivate func padded(to count: Int) -> [UInt8] {
        self + repeatElement(XMODEM.padding, count: Swift.max(0, count - self.count))
    }
}
