import Line
import Testing

/// A line is asked for something only if something can happen on it.
@Suite struct LineConditionsTests {
    @Test func aPerfectLineHasNothingToAsk() {
        #expect(LineConditions.perfect.state == nil)
        var chatty = LineConditions()
        chatty.faults = [StaleBytes.self].compactMap { try? FaultCatalogue.fault($0.summary.name) }
        #expect(chatty.state != nil)
        var floating = LineConditions()
        floating.ground = .floating(FloatingGround())
        #expect(floating.state != nil)
    }

    /// An adapter that refuses a rate stays at the one it had.
    @Test func aRefusedRateChangesNothing() throws {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ch340)
        var state = try #require(conditions.state)
        let rates = [691_200, 3_000_000, 2_000_000].map { state.hostRate(BitRate(baud: $0)).baud }
        #expect(rates == [705_882, 705_882, 2_000_000])
    }

    /// What one fault puts on a wire goes through those behind it; what is in the port's buffer already does not.
    @Test func faultsMeetInTheirOrder() throws {
        var conditions = LineConditions()
        conditions.faults = try ["stale-bytes", "boot-chatter", "open-wire"].map { (name) throws(FaultError) in
            try FaultCatalogue.fault(name)
        }
        var state = try #require(conditions.state)
        let stale = state.inject(at: .zero)
        #expect(stale?.characters.count == 16)
        let chatter = state.inject(at: Instant.zero.advanced(by: .milliseconds(200)))
        #expect(chatter?.characters == [])
        #expect(state.firings.map(\.count) == [1, 1, 1])
    }

    /// What nobody takes away does not pile up.
    @Test func theLogIsBounded() throws {
        var conditions = LineConditions()
        conditions.faults = [try FaultCatalogue.fault("open-wire", direction: .hostToChip)]
        var state = try #require(conditions.state)
        let runs = FaultLog.capacity + 10
        for _ in 0..<runs {
            var run: [UInt8] = [1]
            var timing = RunTiming(start: .zero, unpacedAt: BitRate(baud: 115_200))
            state.spoil(&run, &timing, .hostToChip)
        }
        #expect(state.firings.map(\.count) == [runs])
        #expect(state.log.forgotten == 10)
        let first = state.nextEvent()
        #expect(first?.description == "open-wire, host-to-chip: 1 lost")
    }
}
