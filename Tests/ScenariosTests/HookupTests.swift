import Emulator
import Faults
import Line
import Scenarios
import Testing

/// What is plugged where, and what that does to the line.
@Suite struct HookupTests {
    private func conditions(_ change: (inout Hookup) -> Void) throws -> LineConditions {
        var hookup = Hookup.wired
        change(&hookup)
        return try hookup.conditions(.perfect)
    }

    @Test func everythingInItsPlaceChangesNothing() throws {
        let conditions = try conditions { _ in }
        #expect(!conditions.hasLevels && conditions.faults.isEmpty && conditions.adapter == nil)
    }

    /// ECR6600 facts §12: only GPIO5 and GPIO6 work for flashing.
    @Test(arguments: [nil, Hookup.Pad.txd, .otherRXD, .otherTXD, .ground, .supply])
    func aWireOnAnotherPadCarriesNothing(pad: Hookup.Pad?) throws {
        let conditions = try conditions { $0[.adapterTX] = pad }
        #expect(conditions.faults.map(\.label) == ["adapter-tx \(pad.map { "on \($0.rawValue)" } ?? "loose")"])
    }

    /// §11.3: the user whose adapter and supply shared no ground.
    @Test func withoutItsGroundTheAdapterFloats() throws {
        #expect(try conditions { $0[.adapterGround] = nil }.ground == .floating(FloatingGround()))
        #expect(try conditions { $0[.adapterGround] = .supply }.ground == .floating(FloatingGround()))
        #expect(try conditions { $0[.adapterGround] = .ground }.ground == .joined)
    }

    @Test func theAdaptersSwitchIsItsLevel() throws {
        #expect(try conditions { $0.adapterLevel = 1800 }.adapter?.level == 1800)
        var base = LineConditions.perfect
        base.adapter = Adapter(.ft232r, level: 1800)
        #expect(try Hookup.wired.conditions(base).adapter == Adapter(.ft232r, level: 3300))
    }

    @Test func powerNeedsBothWiresAndTheButton() {
        var hookup = Hookup.wired
        #expect(!hookup.suppliesChip)
        hookup.isSupplyOn = true
        #expect(hookup.suppliesChip)
        for (wire, pad) in [(Hookup.Wire.supplyGround, nil), (.supplyPlus, nil), (.supplyPlus, .ground)]
            as [(Hookup.Wire, Hookup.Pad?)]
        {
            var other = hookup
            other[wire] = pad
            #expect(!other.suppliesChip)
        }
    }

    /// What a scenario takes away is not plugged; to plug it mends it.
    @Test func aScenariosGroundIsAWire() throws {
        var scenario = Scenario(name: "x")
        scenario.ground = .floating(FloatingGround())
        var hookup = Hookup(scenario)
        #expect(hookup[.adapterGround] == nil)
        let base = try scenario.conditions(seed: 1)
        #expect(try hookup.conditions(base).ground == scenario.ground)
        hookup[.adapterGround] = .ground
        #expect(try hookup.conditions(base).ground == .joined)
    }
}
