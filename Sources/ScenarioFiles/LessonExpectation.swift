package import Check
import Line
import Scenarios
import Wire

/// `expect:` and `when:`, what is to hold of a bench.
extension YAMLValue {
    /// Every key of an expectation.
    package static let benchExpectationKeys = [
        "wires", "adapter", "supply", "power", "port", "runs", "faults", "moved-live", "flash", "quiet",
        "asked-at-power",
        "lost-stub", "reads-part", "step", "host-sends", "host-receives", "silence", "gives-up", "opens",
        "power-cycles", "resets",
        "comparisons", "backups", "verified",
        "says", "any", "not",
    ]
    /// How many times something can be asked for.
    private static let mostTimes = 1_000_000
    private static let longestText = 80

    /// Reads it. All keys must hold. - Throws: `FileProblem`.
    package func expectation() throws(FileProblem) -> BenchExpectation {
        let section = try section(Self.benchExpectationKeys)
        var conditions: [BenchExpectation.Condition] = []
        for key in Self.benchExpectationKeys {
            guard let value = section.optional(key) else { continue }
            conditions += try value.conditions(key)
        }
        guard !conditions.isEmpty else { throw problem("there is nothing to hold") }
        return BenchExpectation(conditions)
    }

    private func conditions(_ key: String) throws(FileProblem) -> [BenchExpectation.Condition] {
        switch key {
        case "wires": return try wires().map { .wire($0.wire, $0.pad) }
        case "adapter": return [.adapter(try adapterLevel())]
        case "supply": return [.supply(isOn: try isOn())]
        case "power": return [.power(isOn: try isOn())]
        case "port": return [.port(isOpen: try word(among: ["open", "closed"]) == "open")]
        case "runs": return [.runs(try program())]
        case "faults": return [.faults(Set(try switchableFaults()))]
        case "moved-live": return [.movedLive(try truth())]
        case "flash": return [.flash(try word())]
        case "step":
            let (step, count) = try countedStep()
            return [.step(step, count: count)]
        case "host-sends":
            let (step, count) = try countedStep()
            return [.hostSends(step, count: count)]
        case "host-receives":
            _ = try word(among: ["noise"])
            return [.hostReceivesNoise]
        case "quiet": return [.quiet(try duration(in: .milliseconds(100)...(.seconds(3600))))]
        case "asked-at-power": return [.askedAtPower(try truth())]
        case "lost-stub": return [.lostStub(try truth())]
        case "reads-part": return [.readsPart(try truth())]
        case "silence": return [.silence(try duration(in: .milliseconds(100)...(.seconds(3600))))]
        case "gives-up": return [.givesUp(try truth())]
        case "opens": return [.opens(try number(in: 1...Self.mostTimes))]
        case "power-cycles": return [.powerCycles(try number(in: 1...Self.mostTimes))]
        case "resets": return [.resets(try number(in: 1...Self.mostTimes))]
        case "comparisons": return [.comparisons(try number(in: 1...Self.mostTimes))]
        case "backups": return [.backups(try number(in: 1...Self.mostTimes))]
        case "verified": return [.verified(try truth())]
        case "says":
            let text = try text()
            guard (1...Self.longestText).contains(text.utf8.count) else {
                throw problem("a text that is listened for has 1 to \(Self.longestText) bytes")
            }
            return [.says(text)]
        case "any": return [.any(try each { item throws(FileProblem) in try item.expectation() })]
        default: return [.not(try expectation())]
        }
    }

    /// `sync-answer`, or `{name: block-ack, count: 3}`.
    private func countedStep() throws(FileProblem) -> (Step, Int) {
        if case .text = content { return (try word(), 1) }
        let section = try section(["name", "count"])
        return (try section.value("name").word(), try section.value("count").number(in: 1...Self.mostTimes))
    }

    /// How the name of a program on the chip begins.
    private func program() throws(FileProblem) -> String {
        try word(among: ["mask ROM", "uboot", "stub", "application"])
    }

    private func truth() throws(FileProblem) -> Bool { try word(among: ["true", "false"]) == "true" }
}
