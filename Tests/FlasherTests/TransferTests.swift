import Digests
import TestForms
import Testing
import Wire

@testable import Flasher

private func stubChip() -> FakeChip {
    var chip = smallChip()
    chip.program = .stub
    return chip
}

private let slow: FlasherSettings = {
    var settings = FlasherSettings()
    settings.workingBaud = 115_200
    return settings
}()

@Suite struct Reading {
    private func result(_ desk: Desk) -> [UInt8]? {
        desk.reports.lazy.compactMap { if case .readResult(let bytes, 0x1800) = $0 { bytes } else { nil } }.first
    }

    private let range = 0x1800..<0x3123

    @Test("§10: 92, C, blocks, EOT; §4.3: 09 over the same range")
    func goodPath() throws {
        var desk = Desk(.read(range), chip: stubChip(), settings: slow)
        desk.run()
        let steps = try #require(desk.steps)
        #expect(result(desk) == Array(desk.chip.flash[range]))
        #expect(desk.chip.heard[1] == [0xA5, 0x92, 8, 0, 0, 0x18, 0, 0, 0x23, 0x19, 0, 0, 0x93])
        #expect(desk.chip.heard[2] == [0x43])
        #expect(desk.chip.heard.last == [0xA5, 0x09, 8, 0, 0, 0x18, 0, 0, 0x23, 0x19, 0, 0, 0x0A])
        #expect(steps.contains { $0.phase == .read && $0.verified == true && $0.byteCount == range.count })
    }

    @Test("Whole flash, numbers that wrap at 256")
    func whole() throws {
        var desk = Desk(.read(nil), chip: stubChip(), settings: slow)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.reports.contains(.readResult(desk.chip.flash, from: 0)))
    }

    @Test("A damaged, a lost and a shortened block; lost ACKs", arguments: 2..<12, 0..<4)
    func badLine(at index: Int, kind: Int) throws {
        var chip = stubChip()
        if kind == 3 {
            chip.toChip = { run, at in at == index ? nil : run }
        } else {
            chip.toHost = { answer, at in
                guard at == index else { return answer }
                switch kind {
                case 0: return answer.dropLast() + [answer.last! ^ 0x20]
                case 1: return nil
                default: return Array(answer.dropFirst(answer.count / 2))
                }
            }
        }
        var desk = Desk(.read(range), chip: chip, settings: slow)
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome") \(desk.retries)")
        #expect(result(desk) == Array(desk.chip.flash[range]))
    }

    @Test("§11.3: commands pass, single ACKs do not")
    func lostAcknowledgements() throws {
        var chip = stubChip()
        chip.toChip = { run, _ in run == [0x06] ? nil : run }
        var desk = Desk(.read(range), chip: chip, settings: slow)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.description.contains("1.8 V"))
        #expect(failure.chip.flash == .untouched)
    }

    @Test func abortLeavesTheStubReady() throws {
        var desk = Desk(.read(nil), chip: stubChip(), settings: slow)
        desk.until = { $0.chip.heard.count > 20 }
        desk.run()
        desk.until = nil
        desk.flasher.abort(at: desk.now)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.what == "stopped by the user.")
        #expect(failure.chip == ChipState(flash: .untouched, program: .stub))
        #expect(desk.chip.program == .stub)
    }

    @Test func outsideTheFlash() throws {
        var desk = Desk(.read(0..<(1 << 20) + 1), chip: stubChip())
        desk.run()
        #expect(try #require(desk.failure).phase == .plan)
        #expect(desk.chip.heard.count == 1)
    }
}

@Suite struct Writing {
    private let segment = Segment(address: 0x7123, bytes: pattern(0x2345, seed: 9))

    private func expected(_ chip: FakeChip) -> [UInt8] {
        var flash = chip.flash
        flash.replaceSubrange(segment.range, with: segment.bytes)
        return flash
    }

    @Test("Back-up first, sectors around kept, verified, whole flash compared")
    func goodPath() throws {
        let chip = stubChip()
        var desk = Desk(.write([segment]), chip: chip)
        desk.run()
        let steps = try #require(desk.steps)
        #expect(desk.chip.flash == expected(chip))
        #expect(desk.reports.contains(.backup(chip.flash)))
        // BAUD, read, hash, write, hash, whole hash, BAUD: §10, §4.3.
        #expect(desk.chip.commands == [0x90, 7, 0x92, 9, 0x91, 9, 9, 7])
        #expect(desk.chip.heard.contains([0xA5, 0x91, 8, 0, 0, 0x70, 0, 0, 0, 0x30, 0, 0, 0xDE]))
        #expect(steps.filter { $0.range != nil }.allSatisfy { $0.verified == true })
        #expect(desk.chip.erasedSectors == 3)
        #expect(desk.flasher.chip.flash == .done)
    }

    @Test func nothingIsWrittenBeforeTheBackupIsSaved() {
        var desk = Desk(.write([segment]), chip: stubChip())
        desk.savesBackup = false
        desk.run()
        #expect(desk.flasher.outcome == nil)
        #expect(desk.flasher.deadline == nil)
        #expect(!desk.chip.commands.contains(0x91))
        desk.flasher.backupSaved(at: desk.now)
        desk.run()
        #expect(desk.steps != nil)
    }

    @Test("Without a back-up, sectors that are written in part are read first")
    func withoutBackup() throws {
        let chip = stubChip()
        var desk = Desk(.write([segment], backup: false), chip: chip, settings: slow)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.flash == expected(chip))
        // Two sectors with their hashes, the rest's, the write with its own, the rest's again: §10.
        #expect(desk.chip.commands == [0x90, 0x92, 9, 0x92, 9, 9, 9, 0x91, 9, 9, 9])
    }

    @Test(
        "One run or answer damaged, lost or swallowed, anywhere", arguments: 0..<44, byForm(short: 0..<2, long: 0..<4))
    func badLine(at index: Int, kind: Int) throws {
        var chip = stubChip()
        let clean = expected(chip)
        if kind < 2 {
            chip.toChip = { run, at in
                guard at == index + 1 else { return run }
                return kind == 0 ? nil : run.dropLast() + [run.last! ^ 0x40]
            }
        } else {
            chip.toHost = { answer, at in
                guard at == index + 1 else { return answer }
                return kind == 2 ? nil : answer.dropLast() + [answer.last! ^ 0x40]
            }
        }
        var desk = Desk(.write([segment], backup: false), chip: chip, settings: slow)
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome") \(desk.retries)")
        #expect(desk.chip.flash == clean)
    }

    @Test("§10: an ACK that was lost: never the same block again, but EOT and the sector anew")
    func lostAcknowledgement() throws {
        var chip = stubChip()
        let clean = expected(chip)
        nonisolated(unsafe) var acknowledgements = 0
        chip.toHost = { answer, _ in
            guard answer == [0x06] else { return answer }
            acknowledgements += 1
            return acknowledgements == 6 ? nil : answer
        }
        var desk = Desk(.write([segment], backup: false), chip: chip, settings: slow)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.flash == clean)
        #expect(desk.chip.heard.contains([0xA5, 0x91, 8, 0, 0, 0x80, 0, 0, 0, 0x20, 0, 0, 0xDE]))
    }

    @Test func refusedBlocks() throws {
        var chip = stubChip()
        chip.toChip = { run, _ in run.count == 1029 ? run.dropLast() + [run.last! ^ 1] : run }
        var desk = Desk(.write([segment], backup: false), chip: chip, settings: slow)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.what.contains("refused 10 times"))
        #expect(failure.chip.flash == .partlyWritten)
        // EOT has brought it back.
        #expect(failure.chip.program == .stub)
        #expect(desk.chip.program == .stub)
    }

    @Test("No success without verification: a flash that does not keep what was written")
    func noSuccessWithoutVerification() throws {
        let whole = Segment(address: 0x7000, bytes: pattern(0x1000, seed: 4))
        var chip = stubChip()
        // Valid blocks, but not the host's: the stub acknowledges each of them.
        chip.toChip = { run, _ in
            guard run.count == 1029 else { return run }
            var data = Array(run[3..<1027])
            data[5] ^= 0x10
            var block: [UInt8] = []
            XMODEM.appendBlock(number: run[1], data: data.span, to: &block)
            return block
        }
        var desk = Desk(.write([whole], backup: false), chip: chip, settings: slow)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.phase == .verify)
        #expect(failure.chip.flash == .unverified)
        #expect(failure.what.contains("after 2 passes"))
        #expect(desk.chip.commands == [0x90, 9, 9, 0x91, 9, 0x91, 9])
    }

    @Test func noSuccessIfTheHashNeverComes() throws {
        var chip = stubChip()
        chip.toHost = { answer, _ in answer.starts(with: [0x5A, 0x09]) ? nil : answer }
        let whole = Segment(address: 0x7000, bytes: pattern(0x1000, seed: 4))
        var desk = Desk(.write([whole], backup: false), chip: chip, settings: slow)
        desk.run()
        #expect(try #require(desk.failure).what.contains("no answer to SHA256"))
    }

    @Test func changesBesideTheSegmentsAreSeen() throws {
        var chip = stubChip()
        let whole = Segment(address: 0x7000, bytes: pattern(0x1000, seed: 4))
        nonisolated(unsafe) var hashes = 0
        chip.toHost = { answer, _ in
            guard answer.starts(with: [0x5A, 0x09]) else { return answer }
            hashes += 1
            return hashes == 3 ? StubAnswer(.sha256, data: [UInt8](repeating: 7, count: 32)).bytes : answer
        }
        var desk = Desk(.write([whole]), chip: chip)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.chip.flash == .unverified)
        #expect(desk.flasher.portBaud == 115_200)
    }

    @Test("Abort at working baud: the stub takes commands at 115200 afterwards")
    func abortEndsTheReceiver() throws {
        var desk = Desk(.write([segment], backup: false), chip: stubChip())
        desk.until = { $0.chip.programmedBlocks == 5 }
        desk.run()
        desk.until = nil
        desk.flasher.abort(at: desk.now)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.chip == ChipState(flash: .partlyWritten, program: .stub))
        #expect(desk.chip.program == .stub)
        #expect(desk.chip.baud == 115_200)
        #expect(failure.remedy.contains("back-up"))
    }

    @Test func pastTheEnd() throws {
        let beyond = Segment(address: (1 << 20) - 8, bytes: pattern(9))
        var desk = Desk(.write([beyond]), chip: stubChip())
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.chip.flash == .untouched)
        #expect(desk.chip.heard.count == 1)
    }

    @Test func runsAfterwards() throws {
        var settings = slow
        settings.runAfterwards = true
        let whole = Segment(address: 0x7000, bytes: pattern(0x1000, seed: 4))
        var desk = Desk(.write([whole], backup: false), chip: stubChip(), settings: settings)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard.last == [0xA5, 0x06, 0x00, 0x00, 0xAB])
    }
}

@Suite struct ErasingVerifyingRunning {
    @Test("§4.2: 04, then SHA-256 of FF")
    func eraseRange() throws {
        var desk = Desk(.erase(0x4000..<0x6000, backup: false), chip: stubChip(), settings: slow)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.commands == [0x90, 9, 9, 0x04, 9, 9, 9])
        #expect(desk.chip.heard[3] == [0xA5, 0x04, 8, 0, 0, 0x40, 0, 0, 0, 0x20, 0, 0, 0x11])
        #expect(desk.chip.flash[0x4000..<0x6000].allSatisfy { $0 == 0xFF })
    }

    @Test("§4.2: A5 05 00 00 AA")
    func eraseChip() throws {
        var desk = Desk(.erase(nil), chip: stubChip(), settings: slow)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard.contains([0xA5, 0x05, 0x00, 0x00, 0xAA]))
        #expect(desk.chip.flash.allSatisfy { $0 == 0xFF })
    }

    @Test("§10: an unaligned erase would report success and erase nothing")
    func unalignedErase() throws {
        var desk = Desk(.erase(0x4001..<0x6000, backup: false), chip: stubChip())
        desk.run()
        #expect(try #require(desk.failure).phase == .plan)
    }

    @Test func verify() throws {
        let chip = stubChip()
        var desk = Desk(.verify([Segment(address: 5, bytes: Array(chip.flash[5..<99]))]), chip: chip, settings: slow)
        desk.run()
        #expect(desk.steps != nil)
        desk = Desk(.verify([Segment(address: 6, bytes: Array(chip.flash[5..<99]))]), chip: chip, settings: slow)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.chip.flash == .untouched)
    }

    @Test("§4.2: A5 06 00 00 AB")
    func run() throws {
        var desk = Desk(.run, chip: stubChip())
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard.last == [0xA5, 0x06, 0x00, 0x00, 0xAB])
        #expect(desk.flasher.chip.program == .application)
    }
}
