import Line
import Scenarios
import Testing
import Words

@testable import ScenarioFiles

/// Files from anybody: an error that says where, and no crash, hang or flood.
@Suite struct YAMLReaderTests {
    private func complaint(_ text: String) -> String {
        do {
            _ = try YAMLReader.value(of: Array(text.utf8), file: "f")
            return "nothing"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("", "the file is empty"), ("# only a remark\n", "the file is empty"),
        ("a: 1\n---\nb: 2\n", "this is not YAML"), ("a: b: c", "this is not YAML"), ("\t- a", "this is not YAML"),
        ("? [a]\n: b", "a key is a single word"), ("a: ~", "there is no value"), ("a: null", "there is no value"),
        ("- yes", "boolean"), ("a: {Off: 1}", "boolean"), ("a: !!bool yes", "boolean"),
        (String(repeating: "[", count: 50_000), "deeper than 8 levels"),
        (String(repeating: "- ", count: 30_000) + "a", "deeper than 8 levels"),
        (String(repeating: "[", count: 100) + String(repeating: "]", count: 100), "deeper than 8 levels"),
        (String(repeating: "#", count: 140_000), "more than"), ("a: \"\\xff", "this is not YAML"),
    ])
    func whatIsNotOursIsRefused(text: String, reason: String) {
        #expect(complaint(text).contains(reason), "\(complaint(text))")
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect { try YAMLReader.value(of: [0x61, 0x3A, 0x20, 0xFF], file: "f") } throws: {
            "\($0)" == "f: this is not UTF-8"
        }
    }

    @Test(arguments: ["a: 'yes'", "a: \"off\"", "a: once", "a: |\n  yes\n", "a: R&D", "a: 3 * 4", "'on': b"])
    func whatSaysOneThingIsTaken(text: String) {
        #expect(complaint(text) == "nothing")
    }

    /// YAML allows it, and some editors write it; lines are counted as ever.
    @Test func aByteOrderMarkIsTaken() {
        #expect(complaint("\u{FEFF}a: b\n") == "nothing")
        #expect(complaint("\u{FEFF}a: b\nc: ~\n") == "f:2: c: there is no value")
        #expect(complaint("\u{FEFF}").contains("the file is empty"))
    }

    /// The nine-line file that expands to a billion words elsewhere.
    @Test func referencesAreRefusedBeforeTheyGrow() {
        var text = "a0: &a0 [lol, lol, lol]\n"
        for level in 1...30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        #expect(complaint(text).hasPrefix("f:1: anchors"))
        #expect(complaint("a: {\"b\":*c}").contains("anchors"))
    }

    @Test(arguments: UInt64(1)...300)
    func survivesAnyBytes(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("ab:-[]{}#\"'|>?!%@\n\n  \\,0\t~".utf8)
        let count = Int(generator.next() % 200)
        let bytes = (0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
        // Either way: it comes back.
        _ = try? YAMLReader.value(of: bytes, file: "seed \(seed)")
    }

    /// A board with one byte changed is read or refused; a refusal names the file.
    @Test(arguments: UInt64(1)...300)
    func survivesSpoiltBoards(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bytes = Array(BoardTests.board.utf8)
        for _ in 0..<3 {
            bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        do {
            _ = try Board(parsing: bytes, file: "spoilt", parts: Catalogue.flashParts())
        } catch {
            #expect(error.description.hasPrefix("spoilt"), "seed \(seed): \(error)")
        }
    }

    @Test(arguments: [
        ("100 ms", 100_000_000), ("1.5 s", 1_500_000_000), ("500us", 500_000), ("2 min", 120_000_000_000), ("0 ms", 0),
    ])
    func timesAreExact(text: String, nanoseconds: Int) throws {
        let value = try YAMLReader.value(of: Array(text.utf8), file: "f")
        #expect(try value.quantity(.time, in: 0...Int.max) == nanoseconds)
    }

    @Test(arguments: [
        "-1 ms", "1e3 ms", "1.2.3 s", "99999999999999999999 s", "9223372036854775807 min", "0.0000000001 s", "1. s",
        ".5 s", "0.5 ns", "1.9999999999 s",
    ])
    func whatIsNoTimeIsRefused(text: String) throws {
        let value = try YAMLReader.value(of: Array(text.utf8), file: "f")
        #expect(throws: FileProblem.self) { try value.quantity(.time, in: 0...Int.max) }
    }

    @Test func limitsAreToldInUnits() throws {
        let value = try YAMLReader.value(of: Array("2 min".utf8), file: "f")
        #expect { try value.duration(in: .zero...(.seconds(60))) } throws: {
            "\($0)" == "f:1: \"2 min\" is not between 0 ms and 1 min"
        }
    }
}
