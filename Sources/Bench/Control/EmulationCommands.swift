package import Emulator
import Faults
import Files
import Line
import Ports
import Scenarios
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// What can be done while an emulation runs, through its control socket or by a key.
extension Emulation {
    /// Carries out what a client asks for, now. - Throws: `ControlRefusal`.
    package func carryOut(_ request: ControlRequest) throws(ControlRefusal) -> ControlAnswer {
        switch request {
        case .power(let isOn): return try switchSupply(on: isOn)
        case .cyclePower(let off):
            guard hookup.reachesSupply else { return try switchSupply(on: true) }
            hookup.isSupplyOn = true
            var answer = try command(.cyclePower(off: off))
            let on = answer.moment.advanced(by: off)
            answer.members.append(.init("onAtNanoseconds", .integer(on.nanoseconds)))
            return answer
        case .reset: return try command(.reset)
        case .status:
            let status = status
            return ControlAnswer(at: status.moment, [.init("status", status.json)])
        case .events: return ControlAnswer(at: port.moment)
        case .stop:
            isAskedToStop = true
            return ControlAnswer(at: port.moment)
        case .plug(let wire, let pad): return try plug(wire, pad)
        case .adapter(let level): return try change { $0.adapterLevel = level }
        case .fault(let name, let isOn):
            return try change { hookup in
                hookup.switchedOn.removeAll { $0.name == name }
                if isOn { hookup.switchedOn.append(FaultChoice(name)) }
            }
        }
    }

    /// Does something to the chip, now. - Throws: `ControlRefusal` when the port fails.
    @discardableResult
    package func command(_ command: ChipCommand) throws(ControlRefusal) -> ControlAnswer {
        let before = port.device.isPowered
        var moment = port.moment
        do {
            try port.intervene { chip, now in
                moment = now
                chip.command(command, at: now)
            }
        } catch {
            throw ControlRefusal(.failed, "\(error)")
        }
        return powerAnswer(before: before, at: moment)
    }

    func powerAnswer(before: Bool, at moment: Instant) -> ControlAnswer {
        ControlAnswer(
            at: moment,
            [
                .init("power", .string(port.device.isPowered ? "on" : "off")),
                .init("before", .string(before ? "on" : "off")),
            ])
    }

    /// Whether the chip has power.
    package var isPowered: Bool { port.device.isPowered }

    /// The state of the bench now.
    package var status: ControlStatus {
        let chip = port.device
        let now = port.moment
        return ControlStatus(
            process: Int(getpid()), programVersion: plan.programVersion, port: path, link: link.map(absolute),
            scenario: plan.scenario, board: plan.setup.scenario.board, seed: plan.setup.seed, timeMode: plan.time.name,
            flash: plan.flashPath.map(absolute), trace: plan.tracePath.map(absolute), moment: now, lead: port.lead,
            isPowered: chip.isPowered, isHeldInReset: chip.isHeldInReset,
            program: chip.isPowered && !chip.isHeldInReset ? program : nil,
            chipBaud: chip.receiverClock(at: now).rate.baud, planned: chip.missedSwitches.map(\.plan),
            isPortOpen: port.isClientThere, hostBaud: port.portBaud, hookup: hookup,
            faults: (port.incidentCounts + chip.faultFirings).map { .init($0.label, $0.count) })
    }
}

extension PowerSchedule.Switch {
    /// What is going to happen, and when as far as that is known.
    var plan: String {
        guard trigger == .start else { return label }
        return "power \(isOn ? "on" : "off") at \(Instant.zero.advanced(by: delay))"
    }
}
