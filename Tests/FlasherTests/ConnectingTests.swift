import Line
import Testing
import Wire

@testable import Flasher

@Suite struct Connecting {
    @Test("§1.4, §11.2: stub check, sync word, header, payload, flash id")
    func fromPowerOn() throws {
        var desk = Desk(.info, chip: smallChip())
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard[0] == [0xA5, 0x90, 0x00, 0x00, 0x35])
        #expect(desk.chip.heard[1] == [0x63, 0x6E, 0x79, 0x73])
        #expect(desk.chip.heard[2] == [0x01, 0, 0, 0, 0x00, 0x00, 0x01, 0x00, 0x28, 0x0A, 0, 0])
        #expect(desk.chip.heard[3] == Desk.stub)
        #expect(desk.chip.stubImage == Desk.stub)
        #expect(desk.chip.heard[4] == [0xA5, 0x90, 0x00, 0x00, 0x35])
        let info = ChipInfo(
            flashID: FlashID("1440C8")!, flashByteCount: 1 << 20, stubWasRunning: false)
        #expect(desk.reports.contains(.identified(info)))
    }

    @Test func stubAlreadyThere() throws {
        var chip = smallChip()
        chip.program = .stub
        var desk = Desk(.info, chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard.count == 1)
    }

    @Test("§10: a stub left in its XMODEM receiver comes back with EOT")
    func stubLeftInReceiver() throws {
        var chip = smallChip()
        chip.program = .receiver
        var desk = Desk(.info, chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard[1] == [0x04])
        #expect(!desk.chip.heard.contains(BootProtocol.syncWord))
    }

    @Test("A power-on in the middle of the window, and FF instead of 01", arguments: [0, 4, 8, 5, 11])
    func misalignedHeader(extra: Int) throws {
        var chip = smallChip()
        chip.program = .header
        chip.hear([UInt8](repeating: 0x63, count: extra), at: .zero, baud: 115_200)
        var desk = Desk(.info, chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.stubImage == Desk.stub)
    }

    @Test func syncGoesOnUntilPowerComes() throws {
        var chip = smallChip()
        chip.toChip = { run, index in index < 100 ? nil : run }
        var desk = Desk(.info, chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.now > Instant(nanoseconds: 4_900_000_000))
    }

    @Test func silenceIsExplained() throws {
        var chip = smallChip()
        chip.program = .silent
        var desk = Desk(.info, chip: chip)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.phase == .synchronise)
        #expect(failure.receivedCount == 0)
        #expect(failure.chip.flash == .untouched)
        #expect(failure.diagnosis?.causeClass == .silence)
        #expect(failure.description.contains("came too late"))
        #expect((30.0...31).contains(Double(desk.now.nanoseconds) / 1e9))
    }

    @Test func noiseIsNotSilence() throws {
        var chip = smallChip()
        chip.toChip = { _, _ in nil }
        var desk = Desk(.info, chip: chip)
        desk.chip.answers = [([0x68, 0x63], Instant(nanoseconds: 1_000_000_000), 115_200)]
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.receivedCount == 2)
        #expect(failure.firstReceived == [0x68, 0x63])
        #expect(failure.description.contains("68 63"))
        #expect(failure.diagnosis?.causeClass == .fewBytes)
    }

    @Test("A byte 01 out of the noise is no loader: back to the sync word")
    func falseSync() throws {
        var chip = smallChip()
        chip.toChip = { run, index in index < 100 ? nil : run }
        var desk = Desk(.info, chip: chip)
        desk.chip.answers = [([0x01], Instant(nanoseconds: 500_000_000), 115_200)]
        desk.run()
        _ = try #require(desk.steps)
    }

    @Test("§3: a ROM that acknowledges no pieces")
    func silentPieces() throws {
        var chip = smallChip()
        chip.acknowledgesPieces = false
        var desk = Desk(.info, chip: chip)
        desk.run()
        _ = try #require(desk.steps)
    }

    @Test func lostPayloadBytesStartNothing() throws {
        var chip = smallChip()
        chip.toChip = { run, _ in run == Desk.stub ? Array(run.dropFirst()) : run }
        var desk = Desk(.info, chip: chip)
        desk.run()
        let failure = try #require(desk.failure)
        #expect(failure.chip.program == .awaitsPayload)
        #expect(desk.chip.heard.last == Desk.stub)
        #expect(failure.description.contains("2 of 3"))
    }

    @Test func stubThatNeverAnswers() throws {
        var chip = smallChip()
        chip.toChip = { run, index in index > 3 ? nil : run }
        var desk = Desk(.info, chip: chip)
        desk.run()
        #expect(try #require(desk.failure).phase == .identify)
        // One before the upload, and a last look whether the stub is there after all.
        #expect(desk.chip.commands.count == 1 + FlasherSettings().identifyAttempts + 1)
    }
}

@Suite struct ChangingBaud {
    private func chip() -> FakeChip {
        var chip = smallChip()
        chip.program = .stub
        return chip
    }

    @Test("§4.2, §11.2: 921600 = 000E1000; and 115200 at the end")
    func goodPath() throws {
        var desk = Desk(.read(0..<1024), chip: chip())
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.heard[1] == [0xA5, 0x07, 0x04, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xCE])
        #expect(desk.flasher.portBaud == 115_200)
        #expect(desk.chip.baud == 115_200)
    }

    @Test func lostCommand() throws {
        var chip = chip()
        chip.toChip = { run, index in index == 1 ? nil : run }
        var desk = Desk(.read(0..<1024), chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.commands.filter { $0 == 7 }.count == 3)
    }

    @Test func lostAnswer() throws {
        var chip = chip()
        chip.toHost = { answer, index in index == 1 ? nil : answer }
        var desk = Desk(.read(0..<1024), chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.commands.filter { $0 == 7 }.count == 2)
    }

    @Test func refusedAltogether() throws {
        var chip = chip()
        chip.toChip = { run, _ in run.starts(with: [0xA5, 0x07]) ? nil : run }
        var desk = Desk(.read(0..<1024), chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.retries.contains { $0.contains("stays at 115200") })
    }

    @Test("A host that was killed has left the stub at working baud")
    func stubLeftAtWorkingBaud() throws {
        var chip = chip()
        chip.baud = 921_600
        var desk = Desk(.read(0..<1024), chip: chip)
        desk.run()
        _ = try #require(desk.steps)
        #expect(desk.chip.baud == 115_200)
        #expect(desk.flasher.info?.stubWasRunning == true)
    }

    @Test func lostForGood() throws {
        var chip = chip()
        chip.toChip = { run, index in index == 1 ? [] : index > 1 ? nil : run }
        var desk = Desk(.read(0..<1024), chip: chip)
        desk.run()
        #expect(try #require(desk.failure).chip.program == .stubAtUnknownBaud)
    }
}
