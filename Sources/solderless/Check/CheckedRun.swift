import Bench
import Check
import Emulator
import Line
import Words

/// How one run of a program came out, from the process that had it to the one that judges it.
struct CheckedRun {
    /// nil for a program that could not be started.
    var ending: ProgramEnding?
    /// On the line's clock.
    var duration: Duration
    var lateness: Duration
    var firings: [CheckResult.Firing]
    var lastExchange: String
    var output: String
    /// How often the program asked for power, and whether the chip had none until then.
    var prompts: Int
    var waitsForPrompt: Bool
    /// When it was cut; nil for not.
    var cutAt: Instant?
    /// Points that the session came to, if they were asked for.
    var points: [PassedPoint]
}

extension CheckedRun {
    init(ending: Child.Ending, summary: EmulationSummary, output: OutputWatch, prompt: String?, _ hand: PowerHand) {
        let printed = Set(output.counts.keys)
        let way: ProgramEnding.Way =
            if ending.isOutOfTime {
                .outOfTime
            } else if let signal = ending.signal {
                .signalled(Int(signal))
            } else {
                .exited(Int(ending.code))
            }
        self.ending = ending.hasStarted ? ProgramEnding(way, printed: printed) : nil
        duration = Instant.zero.duration(to: summary.lineTime)
        lateness = summary.lateness
        firings = summary.faults.map { .init(fault: $0.label, count: $0.count) }
        lastExchange = (summary.tally?.lastExchange ?? "nothing crossed the line") + "; chip: \(summary.chip)"
        self.output = output.text
        prompts = hand.prompts
        waitsForPrompt = prompt != nil && hand.waitsForPrompt
        cutAt = summary.cutAt
        points = summary.passedPoints
    }

    var json: JSONValue {
        let (way, number): (String, Int) =
            switch ending?.way {
            case nil: ("not-started", 0)
            case .exited(let code): ("exited", code)
            case .signalled(let signal): ("signalled", signal)
            case .outOfTime: ("out-of-time", 0)
            }
        return .report([
            .init("way", .string(way)), .init("number", .integer(Int64(number))),
            .init("printed", .array((ending?.printed ?? []).sorted().map { .string($0) })),
            .init("lineNanoseconds", .integer(duration.wholeNanoseconds)),
            .init("lateNanoseconds", .integer(lateness.wholeNanoseconds)),
            .init(
                "faults",
                .array(
                    firings.map {
                        .object([.init("fault", .string($0.fault)), .init("count", .integer(Int64($0.count)))])
                    })),
            .init("lastExchange", .string(lastExchange)), .init("output", .string(output)),
            .init("prompts", .integer(Int64(prompts))), .init("waitsForPrompt", .bool(waitsForPrompt)),
            .init("cutNanoseconds", cutAt.map { .integer($0.nanoseconds) } ?? .null),
            .init("points", .array(points.map(\.json))),
        ])
    }

    /// nil for what is none.
    init?(_ json: JSONValue) {
        guard let way = json["way"]?.string, let number = json["number"]?.integer,
            let printed = json["printed"]?.array, let line = json["lineNanoseconds"]?.integer,
            let late = json["lateNanoseconds"]?.integer, let faults = json["faults"]?.array,
            let lastExchange = json["lastExchange"]?.string, let output = json["output"]?.string,
            let prompts = json["prompts"]?.integer, let waitsForPrompt = json["waitsForPrompt"]?.bool
        else { return nil }
        let texts = Set(printed.compactMap(\.string))
        switch way {
        case "exited": ending = ProgramEnding(.exited(Int(number)), printed: texts)
        case "signalled": ending = ProgramEnding(.signalled(Int(number)), printed: texts)
        case "out-of-time": ending = ProgramEnding(.outOfTime, printed: texts)
        default: ending = nil
        }
        duration = .nanoseconds(line)
        lateness = .nanoseconds(late)
        firings = faults.compactMap { fault in
            fault["fault"]?.string.map { .init(fault: $0, count: Int(fault["count"]?.integer ?? 0)) }
        }
        self.lastExchange = lastExchange
        self.output = output
        self.prompts = Int(prompts)
        self.waitsForPrompt = waitsForPrompt
        cutAt = json["cutNanoseconds"]?.integer.map { Instant(nanoseconds: $0) }
        points = json["points"]?.array?.compactMap(PassedPoint.init) ?? []
    }
}
