import Emulator
import Faults
import Flasher
import Images
import Line
import Scenarios
import TestForms
import Testing
import Words

@testable import ScenarioFiles

/// `emulator/scenarios/scenario.schema.json` says what the parser does: neither knows a word that the other does not.
@Suite struct SchemaTests {
    private let schema: Schema

    init() throws {
        schema = try Schema(bytes: Catalogue.scenarioSchema)
    }

    // MARK: The same words

    /// Sections, by the way to their properties, and the parser's keys for them.
    private static let sections: [(path: [String], keys: [String])] = [
        ([], ["solderless", "kind"] + ScenarioFile.keys), (["chip"], YAMLValue.chipKeys),
        (["adapter"], Adapter.keys), (["wiring"], YAMLValue.wiringKeys),
        (["wiring", "floating"], YAMLValue.floatingKeys), (["power"], YAMLValue.powerKeys),
        (["power", "bounce"], YAMLValue.bounceKeys), (["host"], YAMLValue.hostKeys),
        (["expect"], YAMLValue.expectKeys),
    ]

    @Test func everySectionHasTheParsersKeys() {
        for (path, keys) in Self.sections {
            #expect(schema.properties(path).keys.sorted() == keys.sorted(), "\(path)")
            #expect(schema.node(path)["additionalProperties"] as? Bool == false, "\(path)")
        }
        let rail = schema.node(["wiring", "rail"])["anyOf"] as? [[String: Any]] ?? []
        #expect((rail.last?["properties"] as? [String: Any])?.keys.sorted() == YAMLValue.railKeys.sorted())
        let rates = schema.node(["adapter", "wrong-rates"])["items"] as? [String: Any]
        #expect((rates?["properties"] as? [String: Any])?.keys.sorted() == Adapter.wrongRateKeys.sorted())
        let cuts = schema.node(["power", "cuts"])["items"] as? [String: Any]
        #expect((cuts?["properties"] as? [String: Any])?.keys.sorted() == YAMLValue.cutKeys.sorted())
        let then = schema.node(["power", "then"])["items"] as? [String: Any]
        let switches = (then?["anyOf"] as? [[String: Any]] ?? []).flatMap {
            ($0["properties"] as? [String: Any] ?? [:]).keys
        }
        #expect(switches == YAMLValue.switchKeys)
    }

    /// Choices of words, by the way to them, and the parser's.
    @Test func everyChoiceHasTheParsersWords() throws {
        let choices: [(path: [String], words: [String])] = [
            (["board"], Catalogue.boardNames), (["chip", "start"], ChipSettings.Start.allCases.map(\.name)),
            (["chip", "uboot"], ["auto"] + UBootVersion.allCases.map(\.rawValue)),
            (["chip", "stub"], ["auto"] + StubImage.Version.allCases.map(\.rawValue)),
            (["chip", "application"], ["none"] + ApplicationLog.names),
            (["adapter", "type"], Adapter.Kind.allCases.map(\.rawValue)), (["adapter", "level"], Adapter.levels),
            (["host", "task"], Scenario.Task.allCases.map(\.rawValue)),
            (["expect", "outcome"], Scenario.Expectation.Ending.allCases.map(\.rawValue)),
            (["expect", "of"], Scenario.Expectation.Demand.allCases.map(\.rawValue)),
            (["expect", "cause"], Cause.allCases.map(\.rawValue)),
        ]
        for (path, words) in choices {
            #expect((schema.node(path)["enum"] as? [String])?.sorted() == words.sorted(), "\(path)")
        }
        let flash = (schema.node(["chip", "flash"])["anyOf"] as? [[String: Any]])?.first?["enum"] as? [String]
        #expect(flash == (try Catalogue.flashParts().parts.map(\.name)))
        #expect(schema.definition("step")["enum"] as? [String] == ScenarioFile.stepNames)
        #expect(schema.definition("direction")["enum"] as? [String] == Direction.allCases.map(\.name))
    }

    @Test(arguments: [
        ("time", Dimension.time, ""), ("size", .size, ""), ("voltage", .voltage, ""), ("frequency", .frequency, ""),
        ("part", .part, ""), ("deviation", .partPerMillion, "-?"),
    ])
    func everyUnitIsTheParsers(name: String, dimension: Dimension, sign: String) {
        let units = dimension.units.map(\.symbol).joined(separator: "|")
        #expect(schema.definition(name)["pattern"] as? String == "^\(sign)[0-9]+(\\.[0-9]{1,9})? *(\(units))$")
    }

    // MARK: Faults

    private var faults: [String: Any] {
        let ways = schema.definition("fault")["anyOf"] as? [[String: Any]] ?? []
        return ways.last?["properties"] as? [String: Any] ?? [:]
    }

    @Test func everyFaultIsThere() {
        let summaries = FaultRegistry.summaries
        #expect(faults.keys.sorted() == summaries.map(\.name).sorted())
        let bare = (schema.definition("fault")["anyOf"] as? [[String: Any]])?.first?["enum"] as? [String]
        #expect(bare?.sorted() == summaries.filter { !$0.takesAim }.map(\.name).sorted())
    }

    @Test(arguments: FaultRegistry.summaries)
    func everyFaultTakesWhatTheParserTakes(summary: FaultSummary) {
        let fault = faults[summary.name] as? [String: Any] ?? [:]
        #expect(fault["description"] as? String == summary.about)
        #expect(fault["additionalProperties"] as? Bool == false)
        #expect(fault["required"] as? [String] == (summary.takesAim ? ["at"] : nil))
        let properties = fault["properties"] as? [String: [String: Any]] ?? [:]
        var keys = summary.parameters.map(\.name)
        if summary.takesDirection { keys.append("direction") }
        if summary.takesAim { keys.append("at") }
        #expect(properties.keys.sorted() == keys.sorted())
        for parameter in summary.parameters {
            let property = properties[parameter.name] ?? [:]
            #expect(property["description"] as? String == parameter.about, "\(parameter.name)")
            if let definition = parameter.unit.definition {
                #expect(property["$ref"] as? String == "#/$defs/\(definition)", "\(parameter.name)")
            } else {
                #expect(property["type"] as? String == "integer", "\(parameter.name)")
                #expect(property["minimum"] as? Int == parameter.range.lowerBound, "\(parameter.name)")
                #expect(property["maximum"] as? Int == parameter.range.upperBound, "\(parameter.name)")
            }
        }
    }

    // MARK: The same files

    @Test(arguments: Catalogue.scenarioNames)
    func whatShipsIsByTheSchema(name: String) throws {
        let value = try YAMLReader.value(of: Catalogue.scenarioFile(name), file: name)
        #expect(schema.complaint(about: value) == nil)
    }

    @Test(arguments: byForm(short: UInt64(1)...100, long: 1...300))
    func whatIsWrittenIsByTheSchema(seed: UInt64) throws {
        var random = RandomScenario(seed: seed)
        let text = ScenarioFile.text(of: try random.next())
        let value = try YAMLReader.value(of: Array(text.utf8), file: "seed \(seed)")
        #expect(schema.complaint(about: value) == nil, "seed \(seed):\n\(text)")
    }

    /// What the parser refuses, the schema refuses as well, unless it lies beyond what a schema can say.
    @Test(arguments: ScenarioComplaintTests.mistakes)
    func mistakesAreSeenByTheSchema(mistake: ScenarioComplaintTests.Mistake) throws {
        // What cannot be read at all is no matter of the schema's.
        guard let value = try? YAMLReader.value(of: Array(mistake.file.utf8), file: "mine.yaml") else { return }
        #expect((schema.complaint(about: value) != nil) == mistake.schemaSees)
    }
}

extension FaultParameter.Unit {
    /// What the schema calls it; nil for a plain number.
    fileprivate var definition: String? {
        switch self {
        case .milliseconds: "time"
        case .partsPerMillion: "deviation"
        case .thousandths: "part"
        case .address: "address"
        case .bytes: "size"
        case .mask: "mask"
        case .flashID: "flash-id"
        case .characters, .lines, .times, .level, .bit: nil
        }
    }
}
