import Faults
import Line
import Testing
import Wire
import Words

@testable import ScenarioFiles

/// Numbers and patterns that the schema has to repeat, because JSON has no names for them: each is the parser's own.
@Suite struct SchemaLimitsTests {
    private let schema: Schema

    init() throws {
        schema = try Schema(bytes: Catalogue.scenarioSchema)
    }

    /// Whether the schema takes a file with this below its head.
    private func takes(_ section: String) throws -> Bool {
        let bytes = Array("solderless: 1\nname: a\n\(section)\n".utf8)
        return schema.complaint(about: try YAMLReader.value(of: bytes, file: "mine.yaml")) == nil
    }

    private static func list(_ item: String, _ count: Int) -> String {
        "[\(Array(repeating: item, count: count).joined(separator: ", "))]"
    }

    // MARK: How many

    @Test func listsAreAsLong() throws {
        let faults = FaultChoice.mostInList
        #expect(try takes("faults: \(Self.list("open-wire", faults))"))
        #expect(try !takes("faults: \(Self.list("open-wire", faults + 1))"))
        let switches = YAMLValue.mostSwitches
        for (key, item) in [("cuts", "{at: start}"), ("then", "{cut: start}")] {
            #expect(try takes("power: {\(key): \(Self.list(item, switches))}"), "\(key)")
            #expect(try !takes("power: {\(key): \(Self.list(item, switches + 1))}"), "\(key)")
        }
    }

    @Test func aimsCountAsFar() throws {
        #expect(try takes("faults: [drop: {at: {block: \(Aim.mostCount)}}]"))
        #expect(try !takes("faults: [drop: {at: {block: \(Aim.mostCount + 1)}}]"))
    }

    /// One definition serves all faults: it is right only while their ranges are the same.
    @Test func hexadecimalNumbersHaveTheParametersRanges() {
        let parameters = FaultRegistry.summaries.flatMap(\.parameters)
        for (unit, name) in [(FaultParameter.Unit.address, "address"), (.mask, "mask")] {
            let number = (schema.definition(name)["anyOf"] as? [[String: Any]])?.last ?? [:]
            let ranges = parameters.filter { $0.unit == unit }.map(\.range)
            #expect(!ranges.isEmpty)
            for range in ranges {
                #expect(number["minimum"] as? Int == range.lowerBound, "\(name)")
                #expect(number["maximum"] as? Int == range.upperBound, "\(name)")
            }
        }
    }

    /// To an editor 0x80 is a number and "0x80" a text, which has a pattern in place of a range: the same one.
    @Test(arguments: [
        ("address", "0xFFFFFF", true), ("address", "0x00FFFFFF", true), ("address", "0x0", true),
        ("address", "0x1000000", false), ("address", "0x000000001", false), ("address", "A000", false),
        ("mask", "0x01", true), ("mask", "0xF", true), ("mask", "0xF0", true), ("mask", "0x00", false),
        ("mask", "0x0", false), ("mask", "0x100", false), ("mask", "80", false),
    ])
    func hexadecimalTextsHaveTheParsersRange(definition: String, number: String, isTaken: Bool) throws {
        let text = (schema.definition(definition)["anyOf"] as? [[String: Any]])?.first ?? [:]
        let pattern = try Regex(try #require(text["pattern"] as? String))
        #expect((number.wholeMatch(of: pattern) != nil) == isTaken)
        let fault = definition == "mask" ? "change-characters: {xor" : "worn-sector: {address"
        let file = "solderless: 1\nname: a\nfaults: [\(fault): \"\(number)\"}]"
        #expect((ScenarioFileTests.complaint(file) == "nothing") == isTaken)
    }

    // MARK: Moments

    /// The pattern of a moment repeats the names of the steps, which no reference can put into a pattern.
    @Test(arguments: Step.allCases)
    func everyStepIsAMoment(step: Step) throws {
        let ways = Direction.allCases.map { "\(step.rawValue) 3 \($0.name)" }
        for moment in [step.rawValue, "\(step.rawValue) 3"] + ways {
            #expect(try takes("power: {apply: \(moment)}"), "\(moment)")
            #expect(try takes("power: {apply: \(moment) + 10 ms}"), "\(moment)")
        }
        #expect(try !takes("power: {apply: \(step.rawValue)s}"))
    }

    @Test func everyUnitOfTimeIsInMomentsAndGrounds() throws {
        for unit in Dimension.time.units.map(\.symbol) {
            #expect(try takes("power: {apply: erase 2 + 3 \(unit)}"), "\(unit)")
            #expect(try takes("wiring: {ground: joined-after 3 \(unit)}"), "\(unit)")
        }
        for word in YAMLValue.groundWords { #expect(try takes("wiring: {ground: \(word)}"), "\(word)") }
        #expect(try !takes("power: {apply: erase 2 + 3 h}"))
        #expect(try !takes("wiring: {ground: joined-after 3}"))
    }
}
