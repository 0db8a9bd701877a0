import Foundation
import TestForms
import Testing
import Words

/// `check` in a folder of its own, where everything that it leaves behind is seen.
final class CheckFolder: Sendable {
    let bench: CtlBench

    static let client = "\(Program.root)/emulator/planted/careful.py"
    static let flasher = "\(Program.root)/emulator/planted/careful.yaml"
    static let hostile = "\(Program.root)/Tests/Clients/hostile.py"
    static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
    static let noPython: Comment = "no python3"
    /// What the client is given for a read and for a write, after its own options.
    static let jobs = [
        "read": "read {out} --address {address} --length {length}", "write": "write {image} --address {address}",
        "verify": "verify {image} --address {address}", "erase": "erase --address {address} --length {length}",
        "info": "info",
    ]

    init() throws {
        bench = try CtlBench()
        try FileManager.default.createDirectory(atPath: bench.folder["tmp"], withIntermediateDirectories: true)
    }

    var folder: Folder { bench.folder }

    func check(_ words: String, within seconds: Double = 120) async throws -> Program.Result {
        try await bench.shell("export TMPDIR=\(folder["tmp"])\n$0 check \(words)", within: seconds)
    }

    /// One run of the client, and what is reported of it.
    func run(_ scenario: String, _ task: String, _ options: String = "", check: String = "") async throws -> (
        code: Int32, run: JSONValue, error: String
    ) {
        let result = try await self.check(
            "\(scenario) --task \(task) --json --keep never \(check) -- python3 \(Self.client) --port {port} "
                + "--baud {baud} \(options) \(Self.jobs[task] ?? "")")
        let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
        return (result.code, try #require(report["runs"]?.array?.first), result.error)
    }

    /// A suite `smoke` in which all is right: success wherever there is a ground, and each looked at.
    static func expectAllRight(_ runs: [JSONValue]) {
        #expect(runs.count == 8)
        for run in runs {
            #expect(run["outcome"]?.string == "passed", "\(run)")
            let claim = run["scenario"]?.string == "missing-ground" ? "failure" : "success"
            #expect(run["claim"]?.string == claim, "\(run)")
            #expect(run["remarks"]?.array?.filter { $0.string?.contains("without a look") == true } == [])
        }
    }

    /// What is there that was not there before: nothing, when all is well.
    var leftovers: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder["tmp"]) + bench.names
                + bench.processes().map(String.init)
        }
    }
}

extension JSONValue {
    /// A machine that is busy with other things makes a bench late, and what may come of that is not said then.
    var isExcusablyInconclusive: Bool {
        self["outcome"]?.string == "inconclusive" && self["attempt"]?.integer == 3
            && self["lateNanoseconds"]?.integer ?? 0 > 5_000_000
    }

    /// The worst first.
    var verdictNames: [String] { self["verdicts"]?.array?.compactMap { $0["verdict"]?.string } ?? [] }
}
