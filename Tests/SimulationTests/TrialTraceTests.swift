import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Testing
import Trace
import Wire

/// What a trial leaves to be looked at.
@Suite struct TrialTraceTests {
    /// §1.4: an answer for each 1024 bytes of the payload, and it stands where it was given: between them and the rest.
    @Test func answersStandWhereTheyWereGiven() throws {
        var scenario = TrialTests.bench(task: .info)
        scenario.host.workingBaud = 115_200
        let events = try Trial(scenario, seed: 1, dialect: .vendor).runTraced().events
        var decoder = SessionDecoder()
        var told: [SessionEvent] = []
        for event in events {
            guard case .data(let direction, let bytes) = event.kind else { continue }
            decoder.feed(bytes.span, direction, stamp: event.time.nanoseconds)
            while let event = decoder.nextEvent() { told.append(event) }
        }
        #expect(!told.isEmpty)
        #expect(!told.contains { $0.kind.name == "noise" })
    }

    @Test func theSupplyAndTheProgramsAreInIt() throws {
        let events = try Trial(TrialTests.bench(task: .info), seed: 1, dialect: .community).runTraced().events
        #expect(events.first?.kind == .power(on: true))
        #expect(events.contains { $0.kind == .loader("stub community") })
    }

    /// 10 % off is more than a UART takes: what arrived otherwise is told of.
    @Test func whatArrivesOtherwiseIsToldOf() throws {
        var scenario = TrialTests.bench(task: .info)
        scenario.faults = [FaultChoice("wrong-crystal", values: ["error": 100_000])]
        scenario.host.syncWindow = .seconds(1)
        let events = try Trial(scenario, seed: 1, dialect: .community).runTraced().events
        let isTold = events.contains { event in
            guard case .difference(let difference) = event.kind, case .rate = difference.cause else { return false }
            return difference.direction == .hostToChip
        }
        #expect(isTold)
    }
}
