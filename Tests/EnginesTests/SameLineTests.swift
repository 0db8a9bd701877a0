import Capture
import Emulator
import Faults
import Flasher
import Foundation
import Images
import Line
import ScenarioFiles
import Scenarios
import Simulation
import Testing
import Trace
import Wire

@testable import Bench

/// One script through both drivers, virtual time and the bench's loop: the line between them is the same, so what happens
/// on it is.
@Suite struct SameLineTests {
    /// What a host writes, and when; made of what the reference flasher does on the same bench.
    struct Script {
        var writes: [(moment: Instant, bytes: [UInt8], baud: Int)] = []
        var end: Instant
    }

    /// Says what the script says, whatever it hears.
    private struct ScriptedHost: Machine {
        let script: Script
        private var next = 0
        private var now = Instant.zero
        private(set) var heard: [UInt8] = []

        init(_ script: Script) { self.script = script }

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            heard += characters.withUnsafeBufferPointer { Array($0) }
        }
        mutating func advance(to now: Instant) { self.now = max(self.now, now) }
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
            guard next < script.writes.count, script.writes[next].moment <= now else { return nil }
            defer { next += 1 }
            characters += script.writes[next].bytes
            return RunTiming(
                start: script.writes[next].moment, backToBackAt: BitRate(baud: script.writes[next].baud))
        }
        var deadline: Instant? { next < script.writes.count ? script.writes[next].moment : nil }
        func receiverClock(at moment: Instant) -> ReceiverClock {
            ReceiverClock(rate: BitRate(baud: script.baud(at: moment)))
        }
    }

    /// What happened, however it was cut into records.
    private struct Story: Equatable {
        var sent: [UInt8] = []
        var received: [UInt8] = []
        var chipEnd = [[UInt8](), [UInt8]()]
        var incidents: [String] = []
        var chip: [String] = []
        /// Characters that the chip did not take, by the reason.
        var untaken: [String: Int] = [:]
        /// What a shrinker makes of it.
        var edits: [FaultChoice] = []

        init(_ events: [TraceEvent]) {
            edits = LineEdits(of: events).faults
            var places = [0, 0]
            for event in events {
                switch event.kind {
                case .data(.hostToChip, let bytes): sent += bytes
                case .data(.chipToHost, let bytes): received += bytes
                case .fault(let text): incidents.append(text)
                case .loader, .power, .baud(.chip, _): chip.append("\(event.kind)")
                case .lost(.hostToChip, let count, let reason): untaken[reason, default: 0] += count
                default: break
                }
            }
            for case .difference(let difference) in events.map(\.kind) {
                let side = Int(difference.direction.rawValue)
                let host = side == 0 ? sent : received
                chipEnd[side] += host[places[side]..<difference.hostOffset] + difference.chipCharacters
                places[side] = difference.hostOffset + difference.hostCount
            }
            chipEnd[0] += sent[places[0]...]
            chipEnd[1] += received[places[1]...]
            incidents.sort()
        }
    }

    /// The reference flasher's writes in the first seconds on a bench.
    private func script(_ setup: Setup) -> Script {
        var settings = FlasherSettings.usual(for: .community)
        settings.workingBaud = setup.scenario.host.workingBaud ?? settings.workingBaud
        let flasher = Flasher(
            job: .read(0..<0x2000), dialect: .community, stub: StubImage.placeholder(for: .community),
            settings: settings)
        var script = Script(end: Instant.zero.advanced(by: .seconds(6)))
        var line = VirtualLine(
            host: Written(flasher), device: chip(setup), conditions: setup.conditions)
        line.run(until: script.end)
        script.writes = line.host.writes
        return script
    }

    /// A host whose writes are kept.
    private struct Written: Machine {
        var flasher: Flasher
        var writes: [(moment: Instant, bytes: [UInt8], baud: Int)] = []
        private var now = Instant.zero

        init(_ flasher: Flasher) { self.flasher = flasher }

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            flasher.receive(characters, timing: timing)
        }
        mutating func advance(to now: Instant) {
            self.now = now
            flasher.advance(to: now)
            while flasher.nextReport() != nil {}
        }
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
            let before = characters.count
            guard let timing = flasher.transmit(into: &characters) else { return nil }
            writes.append((max(now, timing.start), Array(characters[before...]), timing.rate.baud))
            return timing
        }
        var deadline: Instant? { flasher.deadline }
        func receiverClock(at moment: Instant) -> ReceiverClock { flasher.receiverClock(at: moment) }
    }

    private func chip(_ setup: Setup) -> Chip {
        var settings = setup.chip
        settings.timing = TimeMode(.wire).chipTiming
        return Chip(
            settings: settings, flash: setup.sampleFlash(), flashFaults: setup.flashFaults, power: setup.scenario.power)
    }

    private func inVirtualTime(_ setup: Setup, _ script: Script) -> Story {
        var line = VirtualLine(host: ScriptedHost(script), device: chip(setup), conditions: setup.conditions)
        line.tap = LineTap(keepsEvents: true)
        line.run(until: script.end) { line in
            for event in line.device.takeEvents() { line.tap?.note(event) }
            return false
        }
        line.pullOut()
        return Story(line.tap?.events ?? [])
    }

    /// - Parameter piece: how many bytes of a write the client writes at once.
    private func onTheBench(_ setup: Setup, _ script: Script, pieces: Int) throws -> Story {
        let path = NSTemporaryDirectory() + "solderless-engines-\(UUID().uuidString).pcap"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tap = try TraceTap(
            creating: path, session: SessionDescription(program: "test", programVersion: "", clock: .line),
            replacing: false)
        let bench = ScriptedBench(
            chip(setup), time: TimeMode(.wire, isStrict: true), conditions: setup.conditions, tap: tap)
        bench.port.housekeeping = { port, _ in
            for event in port.device.takeEvents() { tap.note(event.traceKind, at: event.time) }
            return nil
        }
        for write in script.writes {
            try bench.pass(bench.clock.now.duration(to: write.moment))
            bench.client.clientBaud = write.baud
            for first in stride(from: 0, to: write.bytes.count, by: pieces) {
                bench.client.write(toChip: Array(write.bytes[first..<min(write.bytes.count, first + pieces)]))
                _ = try bench.port.turn()
            }
        }
        try bench.pass(bench.clock.now.duration(to: script.end))
        tap.close()
        return Story(try TraceReader(opening: path).events())
    }

    private func compare(_ scenario: Scenario, pieces: Int = .max / 2, comparesEdits: Bool = true) throws {
        let setup = try Setup(scenario, seed: 3)
        var script = script(setup)
        script.end = min(script.end, setup.conditions.unpluggedAt ?? script.end)
        #expect(script.writes.count > 1)
        let virtual = inVirtualTime(setup, script)
        let real = try onTheBench(setup, script, pieces: pieces)
        #expect(real.sent == virtual.sent)
        #expect(real.chip == virtual.chip)
        #expect(real.incidents == virtual.incidents)
        #expect(real.untaken == virtual.untaken)
        if comparesEdits { #expect(real.edits == virtual.edits) }
        #expect(real.received == virtual.received)
        #expect(real.chipEnd == virtual.chipEnd)
    }

    @Test(arguments: Catalogue.scenarioNames)
    func everyScenario(name: String) throws {
        try compare(try Catalogue.scenario(name))
    }

    /// Each fault of the line and of the protocol, as its standards have it, aimed at something that happens.
    @Test(arguments: FaultCatalogue.summaries.map(\.name) + ProtocolFaultCatalogue.summaries.map(\.name))
    func everyFault(name: String) throws {
        var scenario = Scenario(name: "fault")
        let takesAim = ProtocolFaultCatalogue.summaries.contains { $0.name == name }
        scenario.faults = [FaultChoice(name, aim: takesAim ? Aim(.block, count: 2) : nil)]
        try compare(scenario)
        try compare(scenario, pieces: 7)
    }

    /// Each parameter of each of them, at both ends of its range. Where next to nothing is left as it was, the shortest
    /// list of edits is one of several, and which one depends on the runs.
    @Test(arguments: FaultCatalogue.summaries + ProtocolFaultCatalogue.summaries)
    func everyParameterAtItsEnds(summary: FaultSummary) throws {
        for parameter in summary.parameters {
            for value in [parameter.range.lowerBound, parameter.range.upperBound] {
                var scenario = Scenario(name: "fault")
                scenario.faults = [
                    FaultChoice(
                        summary.name, aim: summary.takesAim ? Aim(.block, count: 2) : nil,
                        values: [parameter.name: value])
                ]
                try compare(scenario, comparesEdits: false)
            }
        }
    }

    /// Nothing overtakes what one fault delays, nor is it crowded: neither behind it nor where another delays an earlier
    /// step for longer, in whatever order a scenario lists the two.
    @Test(arguments: [[2, 1], [1, 2]], [Step.command, .piece])
    func delaysInEitherOrder(counts: [Int], step: Step) throws {
        var scenario = Scenario(name: "delays")
        scenario.faults = counts.map { FaultChoice("delay", aim: Aim(step, count: $0), values: ["by": 100]) }
        try compare(scenario)
        try compare(scenario, pieces: 7)
    }
}

extension SameLineTests.Script {
    /// The rate that the host has at a moment.
    func baud(at moment: Instant) -> Int {
        writes.last { $0.moment <= moment }?.baud ?? 115_200
    }
}
