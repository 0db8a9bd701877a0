import Foundation
import ScenarioFiles
import TestForms
import Testing

/// The job of `docs/check.md` that CI servers run: taken from the page, and run here as a script.
struct DocumentedJob {
    /// What each step runs, in their order.
    let scripts: [String]
    /// Patterns of the files that the last step keeps, also where a step before it has failed.
    let kept: [String]

    init() throws {
        let page = try String(contentsOfFile: "\(Program.root)/docs/check.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "\n```")
        let block = try #require(blocks.first { $0.hasPrefix("yaml\n# .github/workflows/") })
        // Our reader refuses a word that some take for a boolean; such a server does not.
        let text = block.dropFirst("yaml\n".count).replacing("\non:", with: "\n\"on\":")
        let file = try YAMLReader.value(of: Array(text.utf8), file: "docs/check.md")
        let jobs = try file.section(["name", "on", "jobs"]).value("jobs").section(["check"])
        let steps = try jobs.value("check").section(["runs-on", "steps"]).value("steps").list()
        let keys = ["name", "uses", "run", "if", "with"]
        scripts = try steps.compactMap { try $0.section(keys).optional("run")?.text() }
        let last = try #require(steps.last).section(keys)
        let always = try last.value("if").text()
        try #require(always == "always()", "reports are kept of a job that fails as well")
        let patterns = try last.value("with").section(["name", "path"]).value("path").text()
        kept = patterns.split(separator: "\n").map(String.init)
    }

    /// Runs its steps in a folder, as such a server does: by `bash -e`, up to the first that fails.
    ///
    /// - Parameter folder: has everything that a checkout would have.
    /// - Returns: the exit code of the last step that was run, and what was printed.
    func run(in folder: CheckFolder) async throws -> Program.Result {
        let bin = folder.folder["bin"]
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(bin)/solderless", withDestinationPath: Program.path)
        let checkout = folder.folder["checkout"]
        var result = Program.Result(code: 0, output: "", error: "")
        for (number, script) in scripts.enumerated() where result.code == 0 {
            try folder.folder.write(Array(script.utf8), to: "step-\(number).sh")
            result = try await folder.bench.shell(
                "cd \(checkout) && PATH=\(bin):$PATH TMPDIR=\(folder.folder["tmp"]) bash -e ../step-\(number).sh",
                within: 180)
        }
        return result
    }

    /// The names of what it keeps: of each pattern, sorted.
    func found(in folder: CheckFolder) async throws -> [[String]] {
        var found: [[String]] = []
        for pattern in kept {
            let listed = try await folder.bench.shell("cd checkout && ls -d \(pattern)")
            found.append(listed.output.split(separator: "\n").map(String.init))
        }
        return found
    }
}
