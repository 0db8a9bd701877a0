import Scenarios
import Testing

@testable import ScenarioFiles

/// A flasher's file, and what is said of a wrong one.
@Suite struct FlasherFileTests {
    private func read(_ text: String) throws -> FlasherProgram {
        try FlasherFile.flasher(parsing: Array("solderless: 1\nkind: flasher\nname: f\n\(text)".utf8), file: "f.yaml")
    }

    @Test func everythingIsRead() throws {
        let flasher = try read(
            """
            about: Mine.
            settings: {dialect: vendor}
            commands:
              read: my-flasher {port} read {out} --as {dialect}
              write: [my flasher, "{port}", "write it", "{image}"]
            baud: 460800
            success: {codes: [0, 2], texts: [Verified]}
            failure: {texts: ["ERROR"]}
            power-prompt: {text: power the device, answer: "\\n"}
            """)
        #expect(flasher.commands[.backup] == ["my-flasher", "{port}", "read", "{out}", "--as", "{dialect}"])
        #expect(flasher.commands[.write] == ["my flasher", "{port}", "write it", "{image}"])
        #expect(flasher.settings == ["dialect": "vendor"] && flasher.baud == 460_800)
        #expect(flasher.success == .init(codes: [0, 2], texts: ["Verified"]))
        #expect(flasher.failure == .init(codes: [], texts: ["ERROR"]))
        #expect(flasher.powerPrompt == .init(text: "power the device", answer: "\n"))
        #expect(flasher.texts == ["Verified", "ERROR"])
    }

    /// What is written is read as it was, with a comment on each line that says something.
    @Test func whatIsWrittenIsReadAsItWas() throws {
        var plain = FlasherProgram(name: "plain")
        plain.commands = [.backup: ["f", "{port}", "{out}"]]
        var odd = FlasherProgram(name: "odd")
        odd.about = "It's \"mine\": # not a comment"
        odd.settings = ["dialect": "vendor", "note": "{x} & *y"]
        odd.commands = [
            .info: ["f", "{port}"], .backup: ["my f", "--port={port}", "{out}", "it's", "a\\b", "\"q\"", "é", "yes"],
            .write: ["f", "{port}", "{image}"], .erase: ["f", "{port}", "{length}"],
            .verify: ["f", "{port}", "{image}"],
        ]
        odd.baud = 460_800
        odd.success = .init(codes: [0, 4], texts: ["Verified: 100 %", "done"])
        odd.failure = .init(codes: [1], texts: ["ERROR: {no}"])
        odd.powerPrompt = .init(text: "power now", answer: "\n")
        for flasher in [plain, odd] {
            let text = FlasherFile.text(of: flasher)
            #expect(try FlasherFile.flasher(parsing: Array(text.utf8), file: "f.yaml") == flasher, "\(text)")
            #expect(text.split(separator: "\n").filter { !$0.contains("#") }.count < 9, "\(text)")
        }
    }

    @Test func whatIsLeftOutIsUsual() throws {
        let flasher = try read("commands: {info: \"f {port}\"}")
        #expect(flasher.success == .init(codes: [0]) && flasher.failure == .init() && flasher.powerPrompt == nil)
    }

    @Test(arguments: [
        ("commands: {read: \"f {port}\"}", "f.yaml:4: commands.read: a read has {out}"),
        ("commands: {write: f}", "f.yaml:4: commands.write: the command has no {port}"),
        ("commands: {erase: \"f '{port}'\"}", "f.yaml:4: commands.erase: a command with quotes is written as a list"),
        ("commands: {raed: \"f {port}\"}", "did you mean \"read\""),
        ("commands: {info: \"f {port}\"}\nsettings: {port: x}", "{port} stands for something else already"),
        ("commands: {info: \"f {port}\"}\nfailure: {codes: [0]}", "exit code 0 stands for success already"),
        ("commands: {info: \"f {port}\"}\nsuccess: {codes: [256]}", "f.yaml:5: success.codes[0]"),
        ("commands: {info: \"f {port}\"}\npower-prompt: {text: \"a\\nb\"}", "all on one line"),
        ("baud: 1", "the key \"commands\" is missing"),
    ])
    func whatIsWrongIsSaidWhere(text: String, complaint: String) {
        #expect {
            try read(text)
        } throws: { error in
            let words = "\(error)"
            if !words.contains(complaint) { Issue.record("\(words)") }
            return true
        }
    }

    @Test func theBuiltInOnesAreRight() throws {
        for name in Catalogue.flasherNames {
            let flasher = try FlasherFile.flasher(parsing: Catalogue.flasherFile(name), file: "\(name).yaml")
            #expect(flasher.name == name && flasher.commands[.backup] != nil && flasher.commands[.write] != nil)
        }
    }
}
