import ArgumentParser
import Bench
import Capture
import Files
import Images
import Line
import Replay
import Words

/// How closely the other side has to keep to the trace, and how fast it is played.
struct ReplayMatchOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: "The side that is played: the chip, to your flasher; or the host, to a chip at --port.")
    var side = Side.chip

    @Option(
        help: """
            exact: the recorded bytes, in chunks of any size. frames: the same commands with the same arguments and data; \
            how often the host looks for a chip, what it repeats, its block sizes and its pauses are its own. effect: the \
            flash ends as it did then; where the host leaves the trace, an emulated chip goes on answering.
            """)
    var match = ReplayPlan.Match.exact

    @Option(help: "How fast it is played: 1x, 2x, 0.5x; max: no pauses, and bytes take no time.")
    var speed = Speed()

    @Option(help: ArgumentHelp("Shorten the trace's pauses to so much. (default: none is)", valueName: "seconds"))
    var idleLimit: Double?

    @Option(
        help: ArgumentHelp(
            "How much longer than in the trace the other side may be silent, once it has begun.", valueName: "seconds"))
    var patience = 10.0

    @Flag(help: "Go on after a divergence, and count.") var tolerate = false

    mutating func validate() throws {
        for (option, value) in [("--patience", patience), ("--idle-limit", idleLimit ?? 1)]
        where !(0.001...86_400).contains(value) {
            throw ValidationError("\(option) takes 0.001 to 86400 seconds, not \(value)")
        }
        guard !tolerate || side == .host || match != .effect else {
            throw ValidationError("--tolerate has no use with --match effect, where nothing but the end counts")
        }
    }

    var pace: ReplayPace { ReplayPace(thousandths: speed.thousandths, idleLimit: idleLimit.map { .seconds($0) }) }

    enum Side: String, ExpressibleByArgument, CaseIterable {
        case chip
        case host
    }

    /// `--speed`.
    struct Speed: ExpressibleByArgument, CustomStringConvertible {
        /// nil for as fast as it can be.
        var thousandths: Int64? = 1000

        init() {}

        init?(argument: String) {
            if argument == "max" {
                thousandths = nil
                return
            }
            let number = argument.hasSuffix("x") ? argument.dropLast() : argument[...]
            guard let times = Double(number), (0.001...1000).contains(times) else { return nil }
            thousandths = Int64((times * 1000).rounded())
        }

        var description: String {
            guard let thousandths else { return "max" }
            let fraction = String(1000 + thousandths % 1000).dropFirst()
            return thousandths % 1000 == 0 ? "\(thousandths / 1000)x" : "\(thousandths / 1000).\(fraction)x"
        }

        var defaultValueDescription: String { description }
    }
}

/// The chip that takes over, or is asked what it would have said.
struct ReplayChipOptions: ParsableArguments {
    @Option(
        help: """
            The stub of the emulated chip where the upload is none that is known; auto means community. (default: auto, or \
            the trace's)
            """)
    var stub: StubChoice?

    @Option(
        help: ArgumentHelp(
            "What the emulated chip's flash holds before the session. What the trace shows of it is put over it. "
                + "(default: the made-up plug of the trace's seed)", valueName: "file"))
    var flashFrom: String?

    /// - Throws: `FileError`.
    func chip() throws -> RecordedChip {
        let flash = try flashFrom.map { try FileStore.read(path: $0, limit: 16 << 20) }
        return RecordedChip(stub: stub?.version, flash: flash)
    }
}

/// The trace of the replay itself.
struct ReplayTraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a trace (pcap) of the replay. (default: beside the trace that is played, as NAME.replay.pcap, and only if "
                + "the replay fails)", valueName: "file"))
    var trace: String?

    @Flag(help: "Write no trace of the replay.") var noTrace = false

    @Flag(help: "Replace the file of --trace if it exists.") var overwrite = false

    mutating func validate() throws {
        guard trace == nil || !noTrace else { throw ValidationError("--trace contradicts --no-trace") }
        guard trace != "" else { throw ValidationError("--trace takes a path, which is empty here") }
        guard !overwrite || trace != nil else { throw ValidationError("--overwrite needs --trace") }
    }

    /// Where it goes until it is known whether it is kept; nil for nowhere.
    /// - Parameter played: the trace that is played.
    /// - Throws: `FileError` for a name that was asked for.
    func file(beside played: String) throws -> FailureTrace? {
        if noTrace { return nil }
        if let trace {
            try requireDifferent(input: played, output: trace)
            return try FailureTrace(trace, replacing: overwrite)
        }
        var stem = played[...]
        for ending in [".gz", ".pcapng", ".pcap"] where stem.hasSuffix(ending) && stem.count > ending.count {
            stem = stem.dropLast(ending.count)
        }
        for number in 1...1000 {
            let path = "\(stem).replay\(number == 1 ? "" : "-\(number)").pcap"
            guard FileStamp(path: path) == nil else { continue }
            // Nobody asked for it: where it cannot be, there is none.
            return try? FailureTrace(path, replacing: false)
        }
        return nil
    }
}

extension ReplayPlan.Match: ExpressibleByArgument {}
