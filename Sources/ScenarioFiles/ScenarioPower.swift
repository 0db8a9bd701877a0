import Emulator
import Line
import Scenarios
import Wire
import Words

/// `power:`, when the supply is applied and cut.
///
/// A moment is written as `WORD [COUNT] [+ TIME]`: `start`, `first-host-byte + 0.5 s`, `erase 2 + 10 ms`,
/// `block-ack 3`; never applied is `never`.
extension YAMLValue {
    static let powerKeys = ["apply", "ramp", "bounce", "cuts", "then"]
    static let bounceKeys = ["times", "every"]
    static let cutKeys = ["at", "for"]
    static let switchKeys = ["apply", "cut"]
    /// More is nobody's hand.
    static let mostSwitches = 64
    /// From what a switch is reckoned from to the switch: a day.
    static let longestDelay = Duration.seconds(86_400)

    func read(power scenario: inout Scenario) throws(FileProblem) {
        let section = try section(Self.powerKeys)
        var switches: [PowerSchedule.Switch] = []
        var first = PowerSchedule.Switch(.start, isOn: true)
        if let value = section.optional("apply") {
            if try value.text() == "never" {
                first.isOn = false
            } else {
                first = try value.moment(isOn: true)
            }
        }
        if first.isOn { switches.append(first) }
        if let value = section.optional("bounce") {
            guard first.isOn else { throw value.problem("a supply that is never applied does not bounce") }
            switches += try value.bounce(after: first)
        }
        if let value = section.optional("cuts") { switches += try value.cuts() }
        if let value = section.optional("then") {
            for item in try value.list() { switches.append(try item.change()) }
        }
        guard switches.count <= Self.mostSwitches else {
            throw problem(
                "these are \(switches.count) switches of the supply; at most \(Self.mostSwitches) are allowed")
        }
        guard switches.allSatisfy({ $0.delay <= Self.longestDelay }) else {
            throw problem("the last switch comes more than a day later than what it is reckoned from")
        }
        scenario.power = PowerSchedule(switches)
        if let value = section.optional("ramp") {
            scenario.chip.powerRamp = try value.duration(in: .zero...(.seconds(60)))
        }
    }

    /// A contact that comes and goes before it stays.
    private func bounce(after first: PowerSchedule.Switch) throws(FileProblem) -> [PowerSchedule.Switch] {
        let section = try section(Self.bounceKeys)
        let times = try section.value("times").number(in: 1...30)
        let every = try section.value("every").duration(in: .microseconds(1)...(.seconds(10)))
        return (1...(2 * times)).map { step in
            PowerSchedule.Switch(first.trigger, after: first.delay + every * step, isOn: step % 2 == 0)
        }
    }

    private func cuts() throws(FileProblem) -> [PowerSchedule.Switch] {
        var switches: [PowerSchedule.Switch] = []
        for item in try list() {
            let section = try item.section(Self.cutKeys)
            let cut = try section.value("at").moment(isOn: false)
            switches.append(cut)
            guard let length = section.optional("for") else { continue }
            let time = try length.duration(in: .microseconds(1)...(.seconds(3600)))
            switches.append(PowerSchedule.Switch(cut.trigger, after: cut.delay + time, isOn: true))
        }
        return switches
    }

    /// `apply: MOMENT` or `cut: MOMENT`.
    private func change() throws(FileProblem) -> PowerSchedule.Switch {
        let section = try section(Self.switchKeys)
        switch (section.optional("apply"), section.optional("cut")) {
        case (let value?, nil): return try value.moment(isOn: true)
        case (nil, let value?): return try value.moment(isOn: false)
        default: throw problem("it is either \"apply\" or \"cut\"")
        }
    }

    private func moment(isOn: Bool) throws(FileProblem) -> PowerSchedule.Switch {
        let text = try text()
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        var delay = Duration.zero
        if parts.count == 2 {
            let time = YAMLValue(
                file: file, line: line, key: key, content: .text(String(parts[1].drop { $0 == " " })))
            delay = try time.duration(in: .zero...Self.longestDelay)
        }
        return PowerSchedule.Switch(
            try trigger(parts[0].split(separator: " ").map(String.init)), after: delay, isOn: isOn)
    }

    private func trigger(_ words: [String]) throws(FileProblem) -> PowerSchedule.Trigger {
        let known = ["start", "first-host-byte", "erase"] + Step.allCases.map(\.rawValue)
        guard let word = words.first else {
            throw problem("a moment is written like \"first-host-byte + 0.5 s\" or \"block 3\"")
        }
        guard known.contains(word) else {
            throw problem("\(quotedExcerpt(word)) is no moment" + Nearest.advice(for: word, among: known))
        }
        if let minus = words.dropFirst().first(where: { $0.hasPrefix("-") }), minus == "-" || Int(minus) == nil {
            throw problem("a time can only be added, as in \"\(word) + 0.5 s\": \(quotedExcerpt(minus)) is not taken")
        }
        if word == "start" || word == "first-host-byte" {
            guard words.count == 1 else { throw problem("\(quotedExcerpt(words[1])): there is only one \(word)") }
            return word == "start" ? .start : .firstHostByte
        }
        let count = words.count > 1 ? Int(words[1]) : 1
        guard let count, (1...Aim.mostCount).contains(count) else {
            throw problem("\(quotedExcerpt(words[1])) is no count of 1 to \(Aim.mostCount), as in \"\(word) 3\"")
        }
        guard word != "erase", let step = Step(rawValue: word) else {
            guard words.count <= 2 else { throw problem("\(quotedExcerpt(words[2])) is not understood here") }
            return .erase(count)
        }
        guard words.count <= 3 else { throw problem("\(quotedExcerpt(words[3])) is not understood here") }
        let direction = words.count == 3 ? Direction(name: words[2]) : nil
        if words.count == 3, direction == nil {
            let names = Direction.allCases.map(\.name)
            throw problem("\(quotedExcerpt(words[2])) is no direction" + Nearest.advice(for: words[2], among: names))
        }
        return .step(Aim(step, count: count, direction: direction))
    }
}

extension Aim {
    /// More of one kind than any session has.
    static let mostCount = 1_000_000
}
