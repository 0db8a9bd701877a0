import Check
import Emulator
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing
import Trace
import Wire

/// A fault is told of when it has done something, as often as it has, and not otherwise.
@Suite struct WhatFaultsTellTests {
    /// 300 baud is the slowest that a host may ask for, and a list may be long.
    @Test func aCrystalMayBeWrongAtAnyRate() throws {
        var scenario = TrialTests.bench("slow", task: .verify)
        scenario.expectation.ending = .either
        scenario.host.workingBaud = 300
        scenario.faults = [FaultChoice("wrong-crystal", values: ["error": 100])]
        #expect(try Trial(scenario, seed: 2, dialect: .community).run().ending != .outOfTime)
        for error in [500_000, -500_000] {
            scenario.faults = Array(repeating: FaultChoice("wrong-crystal", values: ["error": error]), count: 1000)
            #expect(try Trial(scenario, seed: 2, dialect: .community).run().ending == .failure)
        }
    }

    /// What is only held back was sent by somebody.
    @Test func aDelayAddsNothing() throws {
        let delay = FaultChoice("delay", aim: Aim(.syncAnswer), values: ["by": 20])
        var scenario = TrialTests.bench("delay", task: .info)
        scenario.faults = [delay]
        let (result, events) = try Trial(scenario, seed: 1, dialect: .community).runTraced()
        let told = events.compactMap { event -> String? in
            guard case .fault(let text) = event.kind else { return nil }
            return text
        }
        #expect(told == ["delay at sync-answer 1, chip-to-host: holds characters back from byte 0 on"])
        #expect(result.firings.map(\.count) == [1])
    }

    /// They are behind the wire already, so that no level and no ground touches them.
    @Test func staleBytesCrossNoWire() throws {
        var conditions = LineConditions()
        conditions.ground = .floating(FloatingGround())
        conditions.faults = try FaultRegistry.lineFaults([FaultChoice("stale-bytes", values: ["count": 40])])
        var line = VirtualLine(host: Listener(), device: Listener(), conditions: conditions)
        line.run(until: Instant.zero.advanced(by: .seconds(1)))
        #expect(line.host.heard.count == 40)
        #expect(line.device.heard.isEmpty)
    }

    /// Each of two that leave bytes in the port is named for its own.
    @Test func eachIsNamedForItsOwnStaleBytes() throws {
        var conditions = LineConditions()
        conditions.faults = try FaultRegistry.lineFaults(
            [3, 4].map { FaultChoice("stale-bytes", values: ["count": $0]) })
        var line = VirtualLine(host: Listener(), device: Listener(), conditions: conditions)
        line.tap = LineTap(keepsEvents: true)
        line.run(until: Instant.zero.advanced(by: .seconds(1)))
        let told = (line.tap?.events ?? []).compactMap { event -> (Int, LineDifference.Cause)? in
            guard case .difference(let difference) = event.kind else { return nil }
            return (difference.hostCount, difference.cause)
        }
        #expect(told.map(\.0) == [3, 4])
        #expect(told.map(\.1) == conditions.faults.map { .fault($0.label) })
    }

    /// What the host hears belongs to a batch's digest, as what it says does.
    @Test func aDigestIsOfWhatWasHeard() throws {
        let digests = try [0, 1, 2, 3].map { lines in
            var scenario = TrialTests.bench("chatter", task: .info)
            scenario.expectation.ending = .either
            if lines > 0 { scenario.faults = [FaultChoice("boot-chatter", values: ["first": 0, "lines": lines])] }
            return try Trial(scenario, seed: 1, dialect: .community).run().digest
        }
        #expect(Set(digests).count == 4)
    }

    /// The scenario's cut waits for an erase, and a back-up erases nothing.
    @Test func aCutThatNeverCameIsTold() throws {
        var scenario = TrialTests.bench("cut", task: .info)
        scenario.power = PowerSchedule([.init(.start, isOn: true), .init(.erase(1), isOn: false)])
        let result = try Trial(scenario, seed: 1, dialect: .community).run()
        #expect(result.ending == .success)
        #expect(result.missedSwitches == ["power off after erase 1"])
    }

    /// A sector that is blank already loses nothing by not being erased.
    @Test func aWornSectorThatIsBlankHasNotFired() throws {
        var flash = NORFlash(id: .gd25q16e)
        flash.faults = try FaultRegistry.flashFaults([FaultChoice("worn-sector", values: ["address": 0x8000])])
        flash.eraseSectors(1, at: 0x8000)
        #expect(flash.faults.firings.map(\.count) == [0])
        flash.program([0x12, 0x34].span, at: 0x8000)
        flash.eraseSectors(1, at: 0x8000)
        #expect(flash.faults.firings.map(\.count) == [1])
    }
}

/// An end of a line that only listens.
private struct Listener: Machine {
    var heard: [UInt8] = []

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        for index in characters.indices { heard.append(characters[index]) }
    }
    mutating func advance(to now: Instant) {}
    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
    var deadline: Instant? { nil }
    func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
}
