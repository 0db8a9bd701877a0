import Check
import Flasher
import Line
import Replay
import ScenarioFiles
import Scenarios
import TestForms
import Testing
import Trace

@testable import Simulation

/// A trace holds all that the host had of a session: the same host, given the trace's chip on a line without faults,
/// has the same session again.
@Suite struct ReplayedTrialTests {
    /// What a host had of a session, and what it made of that.
    private struct HostsSession: Equatable {
        var sent: [UInt8] = []
        var received: [UInt8] = []
        var outcome = ""

        init(_ events: [TraceEvent], _ outcome: String) {
            for case .data(let direction, let bytes) in events.map(\.kind) {
                if direction == .hostToChip { sent += bytes } else { received += bytes }
            }
            self.outcome = outcome
        }
    }

    private func recorded(_ trial: Trial) throws -> (session: HostsSession, events: [TraceEvent]) {
        let (result, events) = try trial.runTraced()
        let outcome = result.ending == .outOfTime ? "out of time" : ReplayedHost.ending(result.failure)
        let session = SessionDescription(program: "test", programVersion: "", clock: .virtual)
        return (HostsSession(events, outcome), [TraceEvent(.zero, .session(session))] + events)
    }

    /// - Parameter events: the trial's trace.
    private func replayed(_ trial: Trial, _ events: [TraceEvent]) throws -> (HostsSession, ReplayOutcome) {
        let session = try ReplayedHost.session(of: trial, with: Player(events, patience: .seconds(3600)))
        return (HostsSession(session.events, session.ending), session.player.outcome)
    }

    /// In the short form every other scenario: the traces of the repository are of all of them.
    private static let names = Catalogue.scenarioNames.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)

    @Test(
        arguments: byForm(short: names, long: Catalogue.scenarioNames),
        byForm(short: [Dialect.community], long: Dialect.allCases))
    func hasTheSameSessionAgain(name: String, dialect: Dialect) throws {
        try compare(name, dialect, seeds: byForm(short: 1...1, long: 1...5))
    }

    /// Frames instead of blocks, and a host that waits for whole answers: what is particular about these dialects.
    @Test(arguments: [("lost-ack", Dialect.rdtool), ("power-too-early", .vendor), ("corrupt-block", .vendor)])
    func soHasAnotherDialect(name: String, dialect: Dialect) throws {
        try compare(name, dialect, seeds: 2...2)
    }

    private func compare(_ name: String, _ dialect: Dialect, seeds: ClosedRange<Int>) throws {
        let scenario = try Catalogue.scenario(name)
        for seed in seeds {
            let trial = Trial(scenario, seed: UInt64(seed), dialect: dialect)
            let (then, events) = try recorded(trial)
            let (now, outcome) = try replayed(trial, events)
            let place = firstDifference(now.received, then.received)
            #expect(
                place == nil,
                "seed \(seed): \(now.received.count) bytes of \(then.received.count), from \(place ?? -1) on; \(outcome)"
            )
            #expect(
                firstDifference(now.sent, then.sent) == nil,
                "seed \(seed): \(now.sent.count) of \(then.sent.count) bytes; \(outcome)")
            #expect(now.outcome == then.outcome, "seed \(seed)")
        }
    }
}
