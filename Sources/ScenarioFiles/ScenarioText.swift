import Emulator
import Faults
import Flasher
import Images
import Line
package import Scenarios
import Wire
import Words

/// A scenario as the text of a file: what shrinking prints, to be pasted, kept and run again.
extension ScenarioFile {
    /// What `scenario(parsing:)` reads back as the same scenario, if its numbers are within what a file may say.
    ///
    /// Only what a file can say is written: settings of the chip that no key stands for are left out, and whatever is as
    /// the board, or else the program, has it anyway.
    package static func text(of scenario: Scenario) -> String {
        var lines = ["solderless: 1", "kind: scenario", "name: \(name(scenario.name))"]
        lines += about(scenario.about)
        if let board = scenario.board { lines.append("board: \(board)") }
        lines += section("chip", chip(scenario))
        if let adapter = scenario.adapter {
            let rates = adapter.wrongRates.map { "{asked: \($0.asked), made: \($0.made)}" }
            let wrong = rates.isEmpty ? "" : ", wrong-rates: [\(rates.joined(separator: ", "))]"
            lines.append("adapter: {type: \(adapter.kind.rawValue), level: \(voltage(adapter.level))\(wrong)}")
        }
        lines += wiring(scenario)
        lines += power(scenario)
        lines += section("host", host(scenario.host))
        lines.append(scenario.faults.isEmpty ? "faults: []" : "faults:")
        lines += scenario.faults.map { "  - \($0.text)" }
        lines += section("expect", expectation(scenario.expectation))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ name: String, _ pairs: [String]) -> [String] {
        pairs.isEmpty ? [] : ["\(name): {\(pairs.joined(separator: ", "))}"]
    }

    /// As it is, or in quotes where YAML would take it for something else than a word.
    private static func name(_ name: String) -> String {
        let isWord = name.first?.isLetter == true && YAMLReader.complaint(aboutPlain: name) == nil
        return isWord ? name : yamlQuotation(name)
    }

    /// A block of text, each paragraph a line; nothing in it can end it.
    private static func about(_ about: String) -> [String] {
        guard !about.isEmpty else { return [] }
        // Also where a text only looks as if it had an anchor or an alias in it.
        guard !about.contains(where: { $0 == "&" || $0 == "*" }) else { return ["about: \(yamlQuotation(about))"] }
        return ["about: |"]
            + about.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
    }

    // MARK: Chip

    private static func chip(_ scenario: Scenario) -> [String] {
        // What it would be if the section were not there.
        var plain = Scenario(name: "")
        if let name = scenario.board, let board = try? Catalogue.board(name) { plain.apply(board) }
        let (chip, usual) = (scenario.chip, plain.chip)
        var pairs: [String] = []
        if chip.start != usual.start { pairs.append("start: \(chip.start.name)") }
        if chip.crystal != usual.crystal { pairs.append("crystal: \(chip.crystal.rawValue / 1_000_000) MHz") }
        // In quotes: six digits may look like a number.
        if scenario.flashID != plain.flashID { pairs.append("flash: \"\(scenario.flashID)\"") }
        if chip.fifoDepth != usual.fifoDepth { pairs.append("fifo: \(chip.fifoDepth)") }
        if chip.uboot != usual.uboot { pairs.append("uboot: \(chip.uboot?.rawValue ?? "auto")") }
        if chip.stub != usual.stub { pairs.append("stub: \(chip.stub?.rawValue ?? "auto")") }
        if chip.applicationLog != usual.applicationLog {
            let name = ApplicationLog.names.first { ApplicationLog.named($0) == chip.applicationLog }
            pairs.append("application: \(name ?? "none")")
        }
        return pairs
    }

    // MARK: Wiring

    private static func wiring(_ scenario: Scenario) -> [String] {
        var lines: [String] = []
        switch scenario.ground {
        case .joined: break
        case .floating(let model):
            lines.append("  ground: floating")
            lines += floating(model)
        case .joinedAfter(let moment, let model):
            lines.append("  ground: joined-after \(time(Instant.zero.duration(to: moment)))")
            lines += floating(model)
        }
        if let rail = scenario.rail {
            if rail != ClampRail() {
                lines.append(
                    "  rail: {lift: \(voltage(rail.lift)), sag: \(time(.nanoseconds(rail.sagTime))), "
                        + "recovery: \(time(.nanoseconds(rail.recoveryTime)))}")
            }
        } else {
            lines.append("  rail: none")
        }
        return lines.isEmpty ? [] : ["wiring:"] + lines
    }

    private static func floating(_ model: FloatingGround) -> [String] {
        guard model != FloatingGround() else { return [] }
        let part = FaultParameter.Unit.thousandths.text
        return [
            "  floating:", "    mains: \(model.mainsMillihertz / 1000) Hz",
            "    amplitude: \(voltage(model.openAmplitude))",
            "    diode: \(voltage(model.diodeDrop))", "    own-coupling: \(part(model.ownCoupling))",
            "    other-coupling: \(part(model.otherCoupling))",
            "    coupling-time: \(time(.nanoseconds(model.couplingTime)))", "    noise: \(voltage(model.noise))",
        ]
    }

    // MARK: Power

    private static func power(_ scenario: Scenario) -> [String] {
        var lines: [String] = []
        var rest = scenario.power.switches[...]
        if let first = rest.first, first.isOn {
            rest = rest.dropFirst()
            if first != PowerSchedule.Switch(.start, isOn: true) { lines.append("  apply: \(moment(first))") }
        } else {
            lines.append("  apply: never")
        }
        if scenario.chip.powerRamp != .zero { lines.append("  ramp: \(time(scenario.chip.powerRamp))") }
        if !rest.isEmpty { lines.append("  then:") }
        lines += rest.map { "    - {\($0.isOn ? "apply" : "cut"): \(moment($0))}" }
        return lines.isEmpty ? [] : ["power:"] + lines
    }

    private static func moment(_ change: PowerSchedule.Switch) -> String {
        let trigger =
            switch change.trigger {
            case .start: "start"
            case .firstHostByte: "first-host-byte"
            case .erase(let count): "erase \(count)"
            case .step(let aim):
                "\(aim.step.rawValue) \(aim.count)" + (aim.direction.map { " \($0.name)" } ?? "")
            }
        return change.delay == .zero ? trigger : "\(trigger) + \(time(change.delay))"
    }

    // MARK: Host and expectation

    private static func host(_ host: Scenario.HostAdvice) -> [String] {
        var pairs: [String] = []
        if let baud = host.workingBaud { pairs.append("baud: \(baud)") }
        if host.task != Scenario.HostAdvice().task { pairs.append("task: \(host.task.rawValue)") }
        if host.delay != .zero { pairs.append("begins-after: \(time(host.delay))") }
        if let window = host.syncWindow { pairs.append("sync-for: \(time(window))") }
        return pairs
    }

    private static func expectation(_ expectation: Scenario.Expectation) -> [String] {
        var pairs = ["outcome: \(expectation.ending.rawValue)"]
        if expectation.demand != Scenario.Expectation().demand { pairs.append("of: \(expectation.demand.rawValue)") }
        pairs.append("within: \(time(expectation.limit))")
        if let cause = expectation.cause { pairs.append("cause: \(cause.rawValue)") }
        return pairs
    }

    // MARK: Numbers

    private static func time(_ duration: Duration) -> String {
        Dimension.time.text(Int(duration.wholeNanoseconds))
    }

    private static func voltage(_ millivolts: Millivolts) -> String {
        let (whole, rest) = millivolts.quotientAndRemainder(dividingBy: 1000)
        guard rest % 100 == 0, whole > 0 else { return "\(millivolts) mV" }
        return rest == 0 ? "\(whole) V" : "\(whole).\(rest / 100) V"
    }
}
