import Foundation
import Testing

@testable import Bench

/// `docs/control.md` names everything that there is.
@Suite struct ControlDocumentTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("docs/control.md"), encoding: .utf8)
    }

    @Test func verbsAndTheirKeys() {
        for verb in ControlVerb.allCases {
            #expect(text.contains("| `\(verb.rawValue)` |"))
            for key in verb.keys { #expect(text.contains("`\(key)`")) }
        }
    }

    @Test func errors() {
        for code in ControlRefusal.Code.allCases {
            #expect(text.contains("| `\(code.rawValue)` |"), "\(code.rawValue)")
        }
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
