import Check
import Emulator
import Files
import Images
import Line
import ScenarioFiles
import Scenarios
import Wire
import Words

/// What is run, in its order, and what each run is given.
struct CheckPlan {
    let options: CheckOptions
    let flasher: FlasherProgram
    let suite: CheckSuite?
    private(set) var runs: [CheckCase]
    /// What is done with each scenario.
    let tasks: [Scenario.Task]
    let firmware: (file: [UInt8], parts: [CheckJob.Part])?
    /// What is left out, in words.
    private(set) var remarks: [String]

    /// - Throws: `Failure`, `FileError`, `FileProblem`.
    init(_ options: CheckOptions, _ flasher: FlasherProgram, scenarios: [String], suite: CheckSuite?) throws {
        let suite = scenarios.isEmpty ? suite ?? .smoke : nil
        let names = suite?.scenarioNames(of: Catalogue.scenarioNames) ?? scenarios
        let wanted = options.tasks.isEmpty ? CheckSuite.tasks : options.tasks
        let tasks = wanted.filter { flasher.commands[$0] != nil }
        guard !tasks.isEmpty else {
            throw Failure(.usage, "\(flasher.name) has no command for read or write: name one with --task")
        }
        var runs: [CheckCase] = []
        var seen: Set<String> = []
        var unique: [String] = []
        for name in names where !unique.contains(name) { unique.append(name) }
        for name in unique {
            if let suite = CheckSuite(rawValue: name) {
                throw Failure(.usage, "\(name) is a suite: --suite \(suite.rawValue)")
            }
            let scenario = try ScenarioOptions.scenario(name)
            guard seen.insert(scenario.name).inserted else {
                throw Failure(.usage, "there are two scenarios named \(scenario.name): check them one by one")
            }
            for task in tasks {
                runs += Self.seeds(options, suite, for: task).values.map {
                    CheckCase(scenario, named: name, task: task, seed: $0)
                }
            }
        }
        self.options = options
        self.flasher = flasher
        self.suite = suite
        self.runs = runs
        self.tasks = tasks
        firmware = try options.firmware()
        var remarks = wanted.filter { flasher.commands[$0] == nil }.map {
            "\(flasher.name) has no command for \($0.commandName)"
        }
        remarks += Self.idle(options, flasher, tasks)
        if !options.noLines { remarks += Self.linesObstacles(flasher, tasks) }
        if let firmware, firmware.file.starts(with: AllInOneImage.magic), tasks.contains(.write),
            Placeholders.isUsed("address", in: flasher.commands[.write] ?? [])
        {
            remarks.append("the image has its addresses in itself: {address} is left out of the command that writes it")
        }
        self.remarks = remarks
    }

    /// Options and places that come to nothing.
    private static func idle(_ options: CheckOptions, _ flasher: FlasherProgram, _ tasks: [Scenario.Task]) -> [String] {
        let commands = tasks.compactMap { flasher.commands[$0] }
        var remarks: [String] = []
        if options.baud != nil, !commands.contains(where: { Placeholders.isUsed("baud", in: $0) }) {
            remarks.append("--baud changes nothing: no command has {baud}")
        }
        if commands.contains(where: { !Placeholders.isUsed("port", in: $0) }) {
            remarks.append("a command has no {port}: the program finds the port in SOLDERLESS_PORT")
        }
        return remarks
    }

    /// Why some of its commands have no control lines; each reason once.
    private static func linesObstacles(_ flasher: FlasherProgram, _ tasks: [Scenario.Task]) -> [String] {
        var reasons: [String] = []
        for task in tasks {
            let words = Placeholders(flasher.settings).fill(flasher.commands[task] ?? []).map(\.keptBytes)
            do throws(LinesLibrary.Obstacle) {
                _ = try LinesLibrary(for: words)
            } catch  where !reasons.contains(error.description) {
                reasons.append(error.description)
            } catch {}
        }
        return reasons
    }

    /// For people.
    var title: String {
        "\(flasher.name), \(suite.map { "suite \($0.rawValue)" } ?? "scenarios by name"), \(plural(runs.count, "run"))"
    }

    /// Adds scenarios that are made up: for a verify with what the flash holds, which has to succeed.
    mutating func add(_ scenarios: [Scenario], for task: Scenario.Task, seed: UInt64) {
        runs += scenarios.map { CheckCase($0, named: nil, task: task, seed: seed) }
    }

    /// Leaves only what could be run, and says why.
    mutating func end(saying remark: String) {
        runs = []
        remarks.append(remark)
    }

    private static func seeds(_ options: CheckOptions, _ suite: CheckSuite?, for task: Scenario.Task) -> Seeds {
        suite == .torture ? options.givenSeeds ?? .oneToTwenty : options.seeds(for: task)
    }

    /// The seeds, for people.
    var seeds: String {
        Self.seeds(options, suite, for: tasks.contains(.verify) ? .verify : .info).description
    }

    /// How much a read reads; nil for all of it.
    func readByteCount(_ run: CheckCase) -> Int? {
        if let length = options.length { return length.value }
        guard let suite, !run.isMadeUp else { return CheckOptions.usualReadByteCount }
        return suite.readByteCount
    }

    /// What `{baud}` is.
    func baud(_ run: CheckCase) -> Int { run.scenario.host.workingBaud ?? options.baud ?? flasher.baud }

    /// How long a host may take that is in no hurry: what the scenario says, or what the bytes need, whichever is longer.
    func limit(_ run: CheckCase, _ job: CheckJob) -> Duration {
        let words = flasher.commands[run.task] ?? []
        let isAsked = Placeholders.isUsed("length", in: words) || run.task != .backup
        let count = isAsked ? job.range.count : job.before.count
        let baud = Placeholders.isUsed("baud", in: words) ? min(baud(run), 921_600) : 115_200
        return max(run.scenario.expectation.limit, .seconds(30 + count * 30 / baud))
    }

    /// A host that has not ended so long after that never will. Hosts wait as long as 60 s in silence, and ask again
    /// (ECR6600 facts §11.2); our own needs 91 s in one scenario whose limit is 60 s.
    private static let patience = 120.0

    /// When a run is ended, in seconds of the wall's clock.
    func timeout(_ run: CheckCase, _ job: CheckJob) -> Double {
        options.timeout ?? Double((limit(run, job) + run.scenario.host.delay).components.seconds) + Self.patience
    }

    /// The command of a run; `{port}` is known to nobody yet.
    func words(_ run: CheckCase, _ job: CheckJob, image: String, out: String) -> [String] {
        var values = flasher.settings
        values["baud"] = "\(baud(run))"
        values["image"] = image
        values["out"] = out
        values["address"] = "0x" + String(job.range.lowerBound, radix: 16, uppercase: true)
        values["length"] = "\(job.range.count)"
        let words = flasher.commands[run.task] ?? []
        return Placeholders(values).fill(
            run.task == .write && hasOwnAddresses ? Placeholders.leaveOut("address", of: words) : words)
    }

    /// Whether what is written says itself where it goes.
    private var hasOwnAddresses: Bool { firmware?.file.starts(with: AllInOneImage.magic) ?? false }

    /// Whether each flash has room for what is written to it, and as much as is read, before anything is run.
    /// - Throws: `Failure`, `.usage`, where one has not; `FaultError`.
    func requireRoom() throws {
        guard firmware != nil || options.length != nil else { return }
        var seen: Set<String> = []
        for run in runs where seen.insert(run.scenario.name).inserted {
            let byteCount = try Setup(run.scenario, seed: run.seed).sampleFlash().byteCount
            if tasks.contains(.write), let parts = firmware?.parts,
                let problem = parts.lazy.compactMap({ $0.problem(inFlashOf: byteCount) }).first
            {
                throw Failure(.usage, "\(run.scenario.name): \(problem)")
            }
            if tasks.contains(.backup), let length = options.length?.value, length > byteCount {
                throw Failure(
                    .usage, "\(run.scenario.name): --length is \(length), and the flash has \(byteCount) bytes")
            }
        }
    }
}
