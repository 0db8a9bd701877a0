import Emulator
import Faults
import Line
import Scenarios
import Testing
import Wire

/// What can be put between a real port and its flasher, and what is refused by name.
@Suite struct BetweenPortsTests {
    private func scenario(_ change: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario(name: "bench")
        scenario.faults = [FaultChoice("open-wire")]
        change(&scenario)
        return scenario
    }

    private func refusal(_ change: (inout Scenario) -> Void) -> String {
        do {
            return "taken: \(try scenario(change).faultsBetweenPorts().map(\.name))"
        } catch {
            return error.description
        }
    }

    @Test func wiresAndProtocolAreTaken() throws {
        let faults = [
            FaultChoice("loose-wire", direction: .chipToHost), FaultChoice("boot-chatter"),
            FaultChoice("drop", aim: Aim(.block, count: 3)), FaultChoice("unplugged", values: ["after": 4000]),
        ]
        let taken = try scenario {
            $0.faults = faults
            $0.power = .afterFirstCharacter(.milliseconds(500))
            $0.adapter = Adapter(.ft232r)
        }.faultsBetweenPorts()
        #expect(taken == faults)
    }

    @Test func everythingElseIsRefusedByName() {
        #expect(
            refusal { $0.faults.append(FaultChoice("worn-sector")) }.hasPrefix("worn-sector is a fault of the flash"))
        #expect(
            refusal { $0.faults = [FaultChoice("wrong-flash-id")] }.hasPrefix("wrong-flash-id is a fault of the flash"))
        #expect(
            refusal { $0.faults = [FaultChoice("wrong-crystal")] }.hasPrefix("wrong-crystal is a fault of the chip's"))
        #expect(refusal { $0.ground = .floating(FloatingGround()) }.contains("bench has no common ground"))
        #expect(refusal { $0.adapter = Adapter(.ft232r, level: 1800) }.contains("about an adapter at 1800 mV"))
        #expect(
            refusal { $0.power.switches.append(.init(.erase(1), isOn: false)) }
                .contains("bench cuts the power (power off after erase 1)"))
        #expect(refusal { $0.power = .off }.contains("never switches the power on"))
        #expect(refusal { $0.faults = [] }.contains("has no fault of the wires or of the protocol"))
        for text in [refusal { $0.faults = [] }, refusal { $0.power = .off }] {
            #expect(text.hasSuffix("solderless emulate --scenario bench"), "what to do")
        }
    }
}
