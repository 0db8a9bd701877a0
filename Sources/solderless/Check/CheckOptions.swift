import ArgumentParser
import Check
import Files
import Flasher
import Foundation
import Images
import ScenarioFiles
import Scenarios
import Wire
import Words

/// The flasher, and what it is given to do.
struct CheckOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the flasher is called and what it says: a file, or one of \(Catalogue.flasherNames.joined(separator: ", ")).",
            valueName: "file|name"))
    var flasher: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("What a {name} of the flasher's file stands for. Repeatable.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        name: .customLong("task"),
        help: ArgumentHelp(
            "What the command does: info, read, write, erase or verify. With --flasher, which of its commands are run; "
                + "repeatable. (default: read and write)", valueName: "task"), transform: CheckOptions.task)
    var tasks: [Scenario.Task] = []

    @Option(
        help: ArgumentHelp(
            "The image that is written: an all-in-one image, or a raw one with its address in its name or in --address. "
                + "(default: made up, 24 KB at 0x8000)", valueName: "file"))
    var image: String?

    @Option(help: "Address of a raw image.") var address: Offset?

    @Option(
        help: ArgumentHelp(
            "How much is read, from address 0. (default: 128 KB, or all of the flash in the scenarios of the suites "
                + "standard and torture)",
            valueName: "bytes"))
    var length: Offset?

    @Option(
        help: ArgumentHelp(
            "Where the command puts what it reads, if it has no {out}; removed after each run.", valueName: "file"))
    var out: String?

    @Option(help: "What {baud} stands for, unless the scenario is about a rate. (default: 921600)") var baud: Int?

    @Option(
        name: .customLong("seeds"),
        help: ArgumentHelp(
            "Seeds of the benches: 17, or 3,17,99, or 1...5. (default: 1; for a verify 1, which must fail, and 2; with "
                + "--suite torture 1...20)",
            valueName: "seeds"),
        transform: Seeds.init(parsing:))
    var givenSeeds: Seeds?

    @Option(help: ArgumentHelp("Runs at once, each on a port of its own: a run mostly waits.", valueName: "count"))
    var jobs = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: ArgumentHelp(
            "End a run after this long. (default: two minutes more than the scenario and the bytes need)",
            valueName: "seconds"
        ))
    var timeout: Double?

    @Flag(
        help: """
            Preload nothing into the flasher: its port then is a bare pseudo-terminal, without control lines. \
            docs/lines.md has more.
            """)
    var noLines = false

    /// What is run of a job. A verify that must fail and one that must not are two things to ask of a program.
    func seeds(for task: Scenario.Task) -> Seeds { givenSeeds ?? (task == .verify ? .oneAndTwo : .one) }

    private static func task(_ word: String) throws -> Scenario.Task {
        guard let task = Scenario.Task(commandName: word) else {
            let words = Scenario.Task.allCases.map(\.commandName)
            throw ValidationError("\(quotedExcerpt(word)) is no task\(Nearest.advice(for: word, among: words))")
        }
        return task
    }

    mutating func validate() throws {
        if !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
        if let timeout, !(0.1...86_400).contains(timeout) {
            throw ValidationError("--timeout takes 0.1 to 86400 seconds, not \(timeout)")
        }
        if let baud, !(300...10_000_000).contains(baud) {
            throw ValidationError("--baud takes 300 to 10000000, not \(baud)")
        }
        guard givenSeeds?.values.count ?? 0 <= 1000 else { throw ValidationError("--seeds takes 1000 seeds at most") }
        guard length?.value != 0 else { throw ValidationError("--length must be at least 1") }
        guard address == nil || image != nil else { throw ValidationError("--address needs --image") }
        guard settings.isEmpty || flasher != nil else { throw ValidationError("--set needs --flasher") }
        guard image == nil || tasks.isEmpty || tasks.contains(.write) else {
            throw ValidationError("--image is what is written: leave it out, or add --task write")
        }
        guard out == nil || flasher == nil else {
            throw ValidationError("--out is for a command after --: a read in a flasher's file has {out}")
        }
        guard out == nil || tasks.contains(.backup) else {
            throw ValidationError("--out is for --task read: no other job reads anything into a file")
        }
        if out != nil { jobs = 1 }
    }

    /// The flasher, by its file or its command. - Throws: `FileError`, `FileProblem`, `Failure`.
    func program(_ command: [String]) throws -> FlasherProgram {
        if let out, FileStamp(path: out) != nil {
            throw Failure(.usage, "--out \(out) is there already: it would be taken for what the command reads")
        }
        guard let flasher else {
            var program = FlasherProgram(name: FlasherProgram.name(of: command))
            program.commands = Dictionary(uniqueKeysWithValues: tasks.map { ($0, command) })
            try Self.check(command, for: tasks[0], out)
            return program
        }
        let isBuiltIn = !flasher.contains("/") && !flasher.contains(".")
        if isBuiltIn, !Catalogue.flasherNames.contains(flasher), FileStamp(path: "\(flasher).yaml") != nil {
            throw Failure(
                .usage, "no flasher \(excerpt(flasher)) comes with solderless; did you mean ./\(flasher).yaml?")
        }
        let bytes =
            isBuiltIn
            ? try Catalogue.flasherFile(flasher) : try FileStore.read(path: flasher, limit: YAMLReader.mostBytes)
        var program = try FlasherFile.flasher(parsing: bytes, file: isBuiltIn ? "\(flasher).yaml" : flasher)
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw Failure(.usage, "--set takes NAME=VALUE, not \(excerpt(setting))") }
            guard !program.settings.isEmpty else {
                throw Failure(.usage, "--set \(excerpt(setting)): \(program.name) has no settings")
            }
            guard program.settings[parts[0]] != nil else {
                let advice = Nearest.advice(for: parts[0], among: program.settings.keys.sorted())
                throw Failure(.usage, "--set \(excerpt(setting)): \(program.name) has no such setting\(advice)")
            }
            program.settings[parts[0]] = parts[1]
        }
        for task in tasks where program.commands[task] == nil {
            throw Failure(.usage, "\(program.name) has no command for \(task.commandName)")
        }
        for words in program.commands.values { try Self.checkNames(words, program.settings.keys.sorted()) }
        return program
    }

    private static func check(_ command: [String], for task: Scenario.Task, _ out: String?) throws {
        try checkNames(command, [])
        guard task != .backup || out != nil || Placeholders.isUsed("out", in: command) else {
            throw Failure(
                .usage, "a read is compared with the flash: put {out} into the command, or name the file with --out")
        }
    }

    private static func checkNames(_ words: [String], _ settings: [String]) throws {
        guard let name = Placeholders.unknown(in: words, known: FlasherProgram.placeholders + settings).first else {
            return
        }
        throw Failure(
            .usage,
            "{\(name)} stands for nothing\(Nearest.advice(for: name, among: FlasherProgram.placeholders + settings))")
    }

    /// What is written in place of what is made up. - Throws: `FileError`, `Failure`.
    func firmware() throws -> (file: [UInt8], parts: [CheckJob.Part])? {
        guard let image else { return nil }
        var options = ImageOptions()
        (options.image, options.address) = (image, address)
        let file = try options.read()
        return (file, try options.segments(of: file).map { .init(address: $0.address, bytes: $0.bytes) })
    }

    /// The flasher that comes with this program, by its file's name.
    static let ownFlasher = "solderless"

    /// How much a read reads where nobody says how much.
    static let usualReadByteCount = 128 << 10

    /// The options that make the same run again, by itself: it is in no suite then.
    func words(for run: CheckCase, _ job: CheckJob) -> [String] {
        var words = ["--task", run.task.commandName, "--seeds", "\(run.seed)"]
        if let flasher { words += ["--flasher", flasher] }
        for setting in settings { words += ["--set", setting] }
        if run.task == .write, let image { words += ["--image", image] }
        if run.task == .write, let address { words += ["--address", "0x" + String(address.value, radix: 16)] }
        if run.task == .backup, job.range.count != Self.usualReadByteCount {
            words += ["--length", "\(job.range.count)"]
        }
        if run.task == .backup, let out { words += ["--out", out] }
        if let baud { words += ["--baud", "\(baud)"] }
        if let timeout { words += ["--timeout", "\(timeout)"] }
        if noLines { words.append("--no-lines") }
        return words
    }
}
