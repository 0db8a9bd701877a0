import Line
import Scenarios
import Testing

@testable import ScenarioFiles

/// Scenarios from anybody: taken or refused with a word about where, and never a crash, a hang or a flood.
@Suite struct HostileScenarioTests {
    /// What is taken is written and read back as the same; what is refused names the file.
    private static func check(_ bytes: [UInt8], _ seed: UInt64) {
        let scenario: Scenario
        do {
            scenario = try ScenarioFile.scenario(parsing: bytes, file: "spoilt")
        } catch {
            #expect(error.description.hasPrefix("spoilt"), "seed \(seed): \(error)")
            // A line or two for a person, whatever the file had in it.
            #expect(error.description.utf8.count < 2000, "seed \(seed)")
            return
        }
        let text = ScenarioFile.text(of: scenario)
        do {
            #expect(try ScenarioFileTests.read(text) == scenario, "seed \(seed):\n\(text)")
        } catch {
            Issue.record("seed \(seed): \(error)\n\(text)")
        }
    }

    /// One of those that ship, or a random one.
    private static func file(_ generator: inout SplitMix64, seed: UInt64) throws -> [UInt8] {
        if generator.next() & 1 == 0 {
            var random = RandomScenario(seed: seed)
            return Array(ScenarioFile.text(of: try random.next()).utf8)
        }
        let names = Catalogue.scenarioNames
        return try Catalogue.scenarioFile(names[Int(generator.next() % UInt64(names.count))])
    }

    @Test(arguments: UInt64(1)...400)
    func survivesChangedBytes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var bytes = try Self.file(&generator, seed: seed)
        for _ in 0...(generator.next() % 4) {
            let index = Int(generator.next() % UInt64(bytes.count))
            let value = generator.next()
            // Half of them any byte, half of them one that YAML gives a meaning.
            let marks = Array("{}[]:,-#\"'|>&*!%\n ".utf8)
            bytes[index] =
                value & 1 == 0 ? UInt8(truncatingIfNeeded: value >> 8) : marks[Int((value >> 8) % UInt64(marks.count))]
        }
        Self.check(bytes, seed)
    }

    @Test(arguments: UInt64(1)...300)
    func survivesMovedLines(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var lines = try Self.file(&generator, seed: seed).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for _ in 0...(generator.next() % 3) {
            let (from, to) = (Int(generator.next() % UInt64(lines.count)), Int(generator.next() % UInt64(lines.count)))
            switch generator.next() % 3 {
            case 0: lines[to] = lines[from]
            case 1: lines.insert(lines[from], at: to)
            default: lines[to] = []
            }
        }
        Self.check(Array(lines.joined(separator: [UInt8(ascii: "\n")])), seed)
    }

    /// Numbers blown up, negative, with fractions, in other scripts.
    @Test(arguments: UInt64(1)...300)
    func survivesOtherNumbers(seed: UInt64) throws {
        let numbers = [
            "0", "-1", "-0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "0.000000001",
            "18446744073709551616", ".5", "5.", "١٢", "0x7FFFFFFFFFFFFFFF", "1_000", "nan", "", "9999999999",
        ]
        var generator = SplitMix64(seed: seed)
        let text = String(decoding: try Self.file(&generator, seed: seed), as: UTF8.self)
        var changed = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: \.isNumber) {
            let end = rest[start...].firstIndex { !$0.isNumber } ?? rest.endIndex
            changed += rest[..<start]
            changed +=
                generator.next() % 8 == 0
                ? numbers[Int(generator.next() % UInt64(numbers.count))] : String(rest[start..<end])
            rest = rest[end...]
        }
        Self.check(Array((changed + rest).utf8), seed)
    }

    @Test(arguments: [
        "faults: " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
        "faults: " + String(repeating: "[", count: 30_000), "faults: " + String(repeating: "{a: ", count: 10_000),
        "faults: [" + String(repeating: "open-wire, ", count: 5000) + "open-wire]",
        "power: {then: [" + String(repeating: "{cut: start}, ", count: 4000) + "{cut: start}]}",
        "power: {cuts: [" + String(repeating: "{at: start + 1440 min}, ", count: 2500) + "{at: start}]}",
        "power: {apply: block " + String(repeating: "9", count: 60_000) + "}",
        "host: {baud: " + String(repeating: "9", count: 60_000) + "}",
        "power: {ramp: " + String(repeating: "9", count: 30_000) + "." + String(repeating: "9", count: 30_000) + " s}",
        "faults: [" + String(repeating: "x", count: 60_000) + "]",
        "faults: [drop: {at: {" + String(repeating: "x", count: 60_000) + ": 1}}]",
        String(repeating: "x", count: 60_000) + ": 1",
        (0..<6000).map { "k\($0): 1" }.joined(separator: "\n"),
        "about: \"" + String(repeating: "\\n", count: 30_000) + "\"",
        "about: \"" + String(repeating: "\\u202E", count: 10_000) + "\"",
    ])
    func survivesTooMuchOfAnything(section: String) {
        let text = "solderless: 1\nname: a\n\(section)\n"
        #expect(text.utf8.count <= YAMLReader.mostBytes)
        Self.check(Array(text.utf8), 0)
    }

    @Test func aFileBeyondTheLimitIsNotRead() {
        let text = "solderless: 1\nname: a\n#"
        let bytes = Array(text.utf8) + Array(repeating: UInt8(ascii: "x"), count: YAMLReader.mostBytes)
        #expect {
            try ScenarioFile.scenario(parsing: bytes, file: "f")
        } throws: { "\($0)".contains("are more than the 131072 that such a file may have") }
    }
}
