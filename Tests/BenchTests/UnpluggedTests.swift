import Glibc
import Line
import Logging
import Scenarios
import Testing

@testable import Bench

/// An emulation whose adapter is pulled out while its caller has something else to wait for, as `run` has.
@Suite struct UnpluggedTests {
    @Test func theClientIsHungUpOnAndTheCallerGoesOn() async throws {
        var plan = EmulationPlan(try Setup(Scenario(name: "a"), seed: 1), time: TimeMode(.brisk))
        plan.conditions.faults = [LabelledFault(try FaultCatalogue.fault("unplugged", values: ["after": 500]))]
        let emulation = try await EmulationThread.start(
            plan, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, heardSignal: { _ in })
        let client = open(emulation.path, O_RDWR | O_NOCTTY)
        try #require(client >= 0)
        defer { close(client) }
        // No other event is asked for: what ends the wait is the hang-up.
        var waiting = pollfd(fd: client, events: 0, revents: 0)
        #expect(poll(&waiting, 1, 10_000) == 1)
        #expect(Int32(waiting.revents) & POLLHUP != 0)
        #expect(open(emulation.path, O_RDWR | O_NOCTTY) == -1)
        #expect(await emulation.stop().failure == nil)
    }

    /// The plan is refused before there is a port.
    @Test func levelsInNoTime() async throws {
        var plan = EmulationPlan(try Setup(Scenario(name: "a"), seed: 1), time: TimeMode(.fast))
        plan.conditions.chipInput.threshold = 3200
        await #expect(throws: EmulationPlanError.levelsWithoutRates) {
            _ = try await EmulationThread.start(
                plan, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, heardSignal: { _ in })
        }
    }
}
