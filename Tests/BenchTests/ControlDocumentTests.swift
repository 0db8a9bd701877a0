import Foundation
import Line
import Scenarios
import Testing
import Words

@testable import Bench

/// The tables of `docs/control.md` have a row for everything that there is, and for nothing else.
@Suite struct ControlDocumentTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("docs/control.md"), encoding: .utf8)
    }

    /// The cells of a table's rows below a heading of it: the table whose first column is called so.
    private func rows(under title: String) -> [[String]] {
        text.split(separator: "\n").drop { !$0.hasPrefix("| \(title) |") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// What stands in backticks.
    private func words(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset.isMultiple(of: 2) ? nil : String($0.element) }
    }

    private func firstColumn(under title: String) -> [String] { rows(under: title).flatMap { words($0[0]) } }

    @Test func verbsAndTheirKeys() {
        #expect(Set(firstColumn(under: "verb")) == Set(ControlVerb.allCases.map(\.rawValue)))
        var keys: [String: Set<String>] = [:]
        var verb = ""
        for row in rows(under: "verb") {
            verb = words(row[0]).first ?? verb
            keys[verb, default: []].formUnion(words(row[1]))
        }
        for verb in ControlVerb.allCases {
            let documented = keys[verb.rawValue, default: []].subtracting(Self.values)
            #expect(documented == Set(verb.keys), "\(verb)")
        }
    }

    /// What stands in backticks and is no key.
    private static let values: Set<String> = [
        "on", "off", "cycle", "story", "waves", "flash", "1800", "3300", "5000",
    ]

    @Test func errors() {
        #expect(firstColumn(under: "code") == ControlRefusal.Code.allCases.map(\.rawValue))
    }

    @Test func events() {
        #expect(Set(firstColumn(under: "event")) == Set(ControlEvent.Name.allCases.map(\.rawValue)))
    }

    @Test func whyCharactersAreLost() throws {
        let row = try #require(rows(under: "event").first { words($0[0]) == ["lost"] })
        #expect(Set(words(row[2])) == Set(ControlEvent.Loss.allCases.map(\.rawValue)))
    }

    @Test func status() throws {
        let status = ControlStatus(
            process: 1, programVersion: "", port: "", link: nil, scenario: nil, board: nil, seed: 0, timeMode: "",
            flash: nil, trace: nil, moment: .zero, lead: .zero, isPowered: true, isHeldInReset: false, program: nil,
            chipBaud: 0, planned: [], isPortOpen: true, hostBaud: 0, hookup: .wired, faults: [])
        guard case .object(let members) = status.json else {
            Issue.record("no object")
            return
        }
        let table = text.components(separatedBy: "## Status\n")[1].components(separatedBy: "\n\n")[0]
        let documented = table.split(separator: "\n").dropFirst(2).flatMap {
            words(String($0.split(separator: "|")[0]))
        }
        #expect(Set(documented) == Set(members.map(\.key)))
    }

    /// The examples are requests, and what they are answered with.
    @Test func examples() throws {
        for line in text.split(separator: "\n") where line.hasPrefix("> ") {
            let request = Array(line.dropFirst(2).utf8)
            do throws(ControlRefusal) {
                #expect(try ControlCall(line: request).request == .cyclePower(off: .milliseconds(300)))
            } catch {
                #expect(text.contains("< \(error.json)\n"))
            }
        }
    }
}
