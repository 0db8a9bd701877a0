import Line
import TestForms
import Testing

@testable import Flasher

/// Bytes as they would be heard: each group after something that the host said.
private func heard(_ groups: [UInt8]...) -> ByteTally {
    var tally = ByteTally()
    for group in groups {
        tally.beginRun()
        tally.add(group.span, at: .zero)
    }
    return tally
}

@Suite struct ReadingTheSigns {
    @Test(
        "What a tally sounds like",
        arguments: [
            (heard(), .nothing),
            // §11.3: "recv length is: 1", sometimes 3.
            (heard([0x68]), .fewBytes), (heard([0x68, 0x00, 0xFF]), .fewBytes),
            (heard([0x68], [0x63, 0x00], [0x00, 0x80, 0x80]), .fewBytes),
            (heard([0x68, 0x00, 0xFF, 0x80]), .garbage),
            // §2: what uboot prints.
            (heard(Array("hcrc err\n".utf8)), .text), (heard([0xFF] + Array("ty heap base: 1f000".utf8)), .text),
            // §2, §4: what uboot and stubs print without a flash.
            (heard(Array("no flash!".utf8)), .flashComplaint),
            (heard(Array("no flash!id:ffffff".utf8)), .flashComplaint),
            // §1.4: the sync word.
            (heard([0x63, 0x6E, 0x79, 0x73]), .echo), (heard([0x80, 0x00], [0x63, 0x6E, 0x79, 0x73]), .echo),
        ] as [(ByteTally, ByteTally.Sound)])
    func sounds(tally: ByteTally, sound: ByteTally.Sound) {
        #expect(tally.sound == sound)
    }

    @Test(
        "Which class fits",
        arguments: [
            // §11.3, §12: an unpowered chip, an open wire and a missed window are one silence.
            (Observations(stage: .connecting), .silence),
            // §11.3: no common ground.
            (Observations(stage: .connecting, heard: heard([0x80])), .fewBytes),
            (Observations(stage: .reading, heard: heard([0x80])), .fewBytes),
            (Observations(stage: .connecting, heard: heard([0x80, 0xC0, 0, 0xFE, 0x9C])), .garbage),
            // §2: the application, or an uboot that does not listen.
            (Observations(stage: .connecting, heard: heard(Array("hcrc err\n".utf8))), .text),
            (Observations(stage: .connecting, heard: heard([0x63, 0x6E, 0x79, 0x73])), .echo),
            // §4: a stub says nothing when it has started, and answers nothing when it has died.
            (Observations(stage: .starting), .silentStub), (Observations(stage: .erasing), .silenceAfterSync),
            // §4: a stub that has answered once needs no more than its power.
            (
                Observations(stage: .writing, heard: heard([0x80, 0xC0, 0, 0xFE, 0x9C]), signs: [.gone: 1]),
                .silenceAfterSync
            ),
            // §4.3, §11.3: the divisors, and an adapter's own. BAUD's answer says only that the chip can be heard.
            (Observations(stage: .reading, signs: [.unprovenRate: 1, .refusedCommand: 3]), .rateLost),
            // §4.3: a frame of 64 KB has a sum over five bytes only.
            (Observations(stage: .reading, signs: [.unseenDamage: 1]), .damagedAnswers),
            // §4: what a stub prints without a flash.
            (Observations(stage: .starting, heard: heard(Array("no flash!".utf8))), .flashUnidentified),
            (Observations(stage: .starting, trouble: .flash), .flashUnidentified),
            // §4.3: 3000000 is 11 % off.
            (Observations(stage: .changingBaud), .rateLost),
            (Observations(stage: .changingBaud, heard: heard([0x80, 0xC0, 0, 0xFE, 0x9C])), .rateLost),
            // §10, §11.3: ten times the same block, then CAN.
            (Observations(stage: .reading, signs: [.repeatedBlock: 9, .cancelled: 1]), .lostAcknowledgements),
            // §10: NAK; §4.3: status 05.
            (Observations(stage: .writing, signs: [.refusedBlock: 10]), .lostBlocks),
            (Observations(stage: .writing, signs: [.lostBlock: 3]), .lostBlocks),
            (Observations(stage: .writing), .silenceAfterSync),
            (Observations(stage: .reading, signs: [.damagedAnswer: 10]), .damagedAnswers),
            // §4.1: FF and status 03 for a command that the stub does not know.
            (Observations(stage: .asking, signs: [.refusedCommand: 3]), .refusal),
            // §4.3: status 01 for a frame that could not be programmed.
            (Observations(stage: .writing, signs: [.flashError: 1, .lostBlock: 1]), .flashTrouble),
            (Observations(stage: .checking, trouble: .flash), .flashTrouble),
            (Observations(stage: .connecting, trouble: .port), .portGone),
        ] as [(Observations, CauseClass)])
    func classes(seen: Observations, causeClass: CauseClass) {
        #expect(Diagnosis(seen).causeClass == causeClass)
    }

    @Test("Each class has causes in an order, each with its cure, and a check where there is more than one")
    func complete() {
        for causeClass in CauseClass.allCases {
            #expect(!causeClass.causes.isEmpty, "\(causeClass)")
            #expect(Set(causeClass.causes).count == causeClass.causes.count, "\(causeClass)")
            #expect(causeClass.check != nil || causeClass.causes.count == 1, "\(causeClass)")
        }
        for cause in Cause.allCases {
            #expect(CauseClass.allCases.contains { $0.causes.contains(cause) }, "\(cause) is named nowhere")
            #expect(cause.remedy.cure.hasSuffix("."), "\(cause)")
            #expect(!cause.remedy.cause.hasSuffix("."), "\(cause)")
        }
    }

    @Test("§11.3, §12: what is silence to a host is said together, with the check that tells it apart")
    func silenceNamesAll() throws {
        let causes = CauseClass.silence.causes
        for cause in [Cause.unpowered, .openWire, .swappedWires, .earlyPower, .anotherChip] {
            #expect(causes.contains(cause))
        }
        // §11.3: power half a second after Start is what users report.
        #expect(causes.first == .latePower)
        #expect(try #require(CauseClass.silence.check).contains("listen"))
    }
}

/// Whole jobs that fail, and what is said of them.
@Suite struct DiagnosingJobs {
    private func diagnosis(_ desk: Desk) throws -> CauseClass? {
        var desk = desk
        desk.run()
        let failure = desk.failure
        return try #require(failure).diagnosis?.causeClass
    }

    private func running() -> FakeChip {
        var chip = smallChip()
        chip.program = .stub
        return chip
    }

    private let read = Job.read(0..<4096)
    private let write = Job.write([Segment(address: 0, bytes: pattern(4096))], backup: false)

    @Test("§1.4: nothing answers the sync word")
    func silence() throws {
        var chip = smallChip()
        chip.program = .silent
        #expect(try diagnosis(Desk(.info, chip: chip)) == .silence)
    }

    @Test(
        "What comes in the place of an answer, while synchronising",
        arguments: [
            // §11.3.
            ([0x80], .fewBytes), ([0x80, 0x00, 0xC0], .fewBytes), ([0x80, 0x00, 0xC0, 0xF8, 0x9E], .garbage),
            // A byte that happens to be 01 is no loader.
            ([0x01], .fewBytes),
            // §2.
            (Array("hcrc err\n".utf8), .text), (Array("no flash!".utf8), .flashUnidentified),
            // §1.4.
            ([0x63, 0x6E, 0x79, 0x73], .echo),
        ] as [([UInt8], CauseClass)])
    func strayBytes(bytes: [UInt8], causeClass: CauseClass) throws {
        var chip = smallChip()
        chip.toChip = { _, _ in nil }
        chip.answers = [(bytes, Instant(nanoseconds: 1_000_000_000), 115_200)]
        #expect(try diagnosis(Desk(.info, chip: chip)) == causeClass)
    }

    @Test("§4: the stub was taken, and says nothing")
    func deadAfterUpload() throws {
        var chip = smallChip()
        chip.toChip = { run, index in index > 3 ? nil : run }
        #expect(try diagnosis(Desk(.info, chip: chip)) == .silentStub)
    }

    @Test("§1.4: pieces of the stub were lost")
    func lostPieces() throws {
        var chip = smallChip()
        chip.toChip = { run, _ in run == Desk.stub ? Array(run.dropFirst()) : run }
        #expect(try diagnosis(Desk(.info, chip: chip)) == .lostBlocks)
    }

    @Test("§4.2: BAUD, and silence at either rate")
    func rateLost() throws {
        var chip = running()
        chip.toChip = { run, index in index == 1 ? [] : index > 1 ? nil : run }
        #expect(try diagnosis(Desk(read, chip: chip)) == .rateLost)
    }

    @Test("§10, §11.3: no ACK of a read gets through")
    func lostAcknowledgements() throws {
        var chip = running()
        chip.toChip = { run, _ in run == [0x06] ? nil : run }
        #expect(try diagnosis(Desk(read, chip: chip)) == .lostAcknowledgements)
    }

    @Test("§10: blocks of a write come damaged, or not at all", arguments: [false, true])
    func lostBlocks(areDamaged: Bool) throws {
        var chip = running()
        chip.toChip = { run, _ in
            guard run.first == 0x02, run.count == 1029 else { return run }
            return areDamaged ? Array(run.dropLast()) + [run[1028] ^ 1] : nil
        }
        #expect(try diagnosis(Desk(write, chip: chip)) == .lostBlocks)
    }

    @Test("§10: the chip dies in the middle of a transfer", arguments: [false, true])
    func deadInATransfer(writes: Bool) throws {
        var chip = running()
        chip.toChip = { run, index in index > 6 ? nil : run }
        chip.toHost = { answer, index in index > 5 ? nil : answer }
        #expect(try diagnosis(Desk(writes ? write : .read(0..<0x10000), chip: chip)) == .silenceAfterSync)
    }

    @Test("§5: FFFFFF is no flash; and a write whose SHA-256 differs")
    func flashTrouble() throws {
        var chip = running()
        chip.id = [0xFF, 0xFF, 0xFF]
        #expect(try diagnosis(Desk(read, chip: chip)) == .flashUnidentified)
        chip = running()
        // §4.3: 09 is answered with 38 bytes; the sum is made to fit.
        chip.toHost = { answer, _ in
            guard answer.starts(with: [0x5A, 0x09]), answer.count == 38 else { return answer }
            var answer = answer
            answer[4] &+= 1
            answer[37] &+= 1
            return answer
        }
        #expect(try diagnosis(Desk(write, chip: chip)) == .flashTrouble)
    }

    @Test("What a user asks to be compared may differ for good reasons")
    func comparisonIsNoDiagnosis() throws {
        var desk = Desk(.verify([Segment(address: 0, bytes: pattern(4096, seed: 99))]), chip: running())
        desk.run()
        let deskFailure = desk.failure
        #expect(try #require(deskFailure).diagnosis == nil)
    }

    @Test func refusedAndStoppedJobsHaveNone() throws {
        var refused = Desk(.read(0..<(16 << 20)), chip: running())
        refused.run()
        let refusedFailure = refused.failure
        #expect(try #require(refusedFailure).diagnosis == nil)
        var stopped = Desk(.read(nil), chip: running())
        stopped.run(limit: .milliseconds(200))
        stopped.flasher.abort(at: stopped.now)
        stopped.run()
        let stoppedFailure = stopped.failure
        #expect(try #require(stoppedFailure).diagnosis == nil)
    }

    @Test func portGone() throws {
        var desk = Desk(.read(nil), chip: running())
        desk.run(limit: .milliseconds(200))
        desk.flasher.portLost(at: desk.now, "/dev/ttyUSB0: the port is gone.")
        let lost = desk.failure
        let failure = try #require(lost)
        #expect(failure.diagnosis?.causeClass == .portGone)
        #expect(failure.what.contains("ttyUSB0"))
    }

    @Test("The text says the class, the first two causes with their cures, and the check")
    func text() throws {
        var chip = smallChip()
        chip.program = .silent
        var desk = Desk(.info, chip: chip)
        desk.run()
        let diagnosis = desk.failure?.diagnosis
        let lines = try #require(diagnosis).lines
        #expect(lines.count == 5)
        #expect(lines[0] == "Diagnosis: nothing came back at all.")
        #expect(lines[1].hasPrefix("1. Perhaps power came too late"))
        #expect(lines[2].hasPrefix("2. Perhaps the chip already had power"))
        #expect(lines[3].contains("1.8 V"))
        #expect(lines[4].hasPrefix("Check: "))
    }
}
