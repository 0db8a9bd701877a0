import Faults
import Flasher
import Line
package import Scenarios
import Wire
import Words

/// A scenario as a file: `emulator/scenarios/*.yaml`, and whatever somebody writes by `docs/scenarios.md`.
package enum ScenarioFile {
    /// The keys of a scenario, in the order in which one is written.
    package static let keys = [
        "name", "about", "board", "chip", "adapter", "wiring", "power", "host", "faults", "expect",
    ]

    /// What a fault can be aimed at.
    package static let stepNames = Step.allCases.map(\.rawValue)

    /// Reads a scenario. - Throws: `FileProblem`.
    package static func scenario(
        parsing bytes: [UInt8], file: String, parts: FlashParts? = nil
    ) throws(FileProblem) -> Scenario {
        let section = try YAMLReader.section(of: bytes, file: file, optionalKind: "scenario", keys: keys)
        let known: FlashParts
        if let parts { known = parts } else { known = try Catalogue.flashParts() }
        var scenario = Scenario(name: try section.value("name").name())
        scenario.about = try section.optional("about").map { value throws(FileProblem) in try prose(value) } ?? ""
        if let value = section.optional("board") {
            let board = try Catalogue.board(value.word(among: Catalogue.boardNames), parts: known)
            scenario.apply(board)
        }
        try section.optional("chip")?.read(chip: &scenario, parts: known)
        scenario.adapter = try section.optional("adapter").map { value throws(FileProblem) in try Adapter(value) }
        try section.optional("wiring")?.read(wiring: &scenario)
        try section.optional("power")?.read(power: &scenario)
        try section.optional("host")?.read(host: &scenario.host)
        if let value = section.optional("faults") { scenario.faults = try FaultChoice.list(value) }
        try section.optional("expect")?.read(&scenario.expectation)
        return scenario
    }

    /// Paragraphs, whose lines may be cut anywhere; an empty line parts them. It is shown on terminals: what a terminal
    /// obeys, or what makes a text look like another, is refused.
    private static func prose(_ value: YAMLValue) throws(FileProblem) -> String {
        let lines = try value.text().split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            line.split { $0 == " " || $0 == "\t" }
        }
        let paragraphs = lines.split(whereSeparator: \.isEmpty).map { $0.joined().joined(separator: " ") }
        let prose = paragraphs.joined(separator: "\n\n")
        for scalar in prose.unicodeScalars where scalar != "\n" && !scalar.isPrintable {
            let code = String(scalar.value, radix: 16, uppercase: true)
            throw value.problem("the character U+\(code) is none for a text that people read")
        }
        return prose
    }
}

extension Adapter {
    static let keys = ["type", "level", "wrong-rates"]
    static let wrongRateKeys = ["asked", "made"]
    static let levels = ["1.8 V", "3.3 V", "5 V"]
    private static let mostWrongRates = 16

    fileprivate init(_ value: YAMLValue) throws(FileProblem) {
        let section = try value.section(Self.keys)
        let kind = try section.value("type").word(Kind.self)
        self.init(kind)
        if let value = section.optional("level") { try read(level: value) }
        if let value = section.optional("wrong-rates") { try read(wrongRates: value) }
    }

    private mutating func read(level value: YAMLValue) throws(FileProblem) {
        level = try value.quantity(.voltage, in: 0...6000)
        guard [1800, 3300, 5000].contains(level) else {
            throw value.problem("an adapter's level is one of \(Self.levels.joined(separator: ", "))")
        }
    }

    private mutating func read(wrongRates value: YAMLValue) throws(FileProblem) {
        let items = try value.list()
        guard items.count <= Self.mostWrongRates else {
            throw value.problem("at most \(Self.mostWrongRates) rates are taken")
        }
        for item in items {
            let section = try item.section(Self.wrongRateKeys)
            let asked = try section.value("asked")
            let rate = WrongRate(
                asked: try asked.number(in: 300...10_000_000),
                made: try section.value("made").number(in: 300...10_000_000))
            guard !wrongRates.contains(where: { $0.asked == rate.asked }) else {
                throw asked.problem("\(rate.asked) is there already")
            }
            wrongRates.append(rate)
        }
    }
}

extension YAMLValue {
    static let hostKeys = ["baud", "task", "begins-after", "sync-for"]
    static let expectKeys = ["outcome", "of", "within", "cause"]

    fileprivate func read(host: inout Scenario.HostAdvice) throws(FileProblem) {
        let section = try section(Self.hostKeys)
        host.workingBaud = try section.optional("baud").map { value throws(FileProblem) in
            try value.number(in: 300...10_000_000)
        }
        if let task = section.optional("task") { host.task = try task.word() }
        if let delay = section.optional("begins-after") {
            host.delay = try delay.duration(in: .zero...(.seconds(3600)))
        }
        host.syncWindow = try section.optional("sync-for").map { value throws(FileProblem) in
            try value.duration(in: .milliseconds(100)...(.seconds(600)))
        }
    }

    fileprivate func read(_ expectation: inout Scenario.Expectation) throws(FileProblem) {
        let section = try section(Self.expectKeys)
        expectation.ending = try section.value("outcome").word()
        if let demand = section.optional("of") {
            expectation.demand = try demand.word()
            guard expectation.demand == .careful || expectation.ending == .success else {
                throw demand.problem("only success can be asked of any host")
            }
        }
        if let within = section.optional("within") {
            expectation.limit = try within.duration(in: .milliseconds(1)...(.seconds(3600)))
        }
        expectation.cause = try section.optional("cause").map { value throws(FileProblem) in
            let cause = try value.word(Cause.self)
            guard expectation.ending != .success else {
                throw value.problem("what ends well has no cause of failure")
            }
            return cause
        }
    }
}
