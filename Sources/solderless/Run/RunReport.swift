import Bench
import Line
import Wire
import Words

/// What `run` says when its command has ended: for a person if it failed, for a program with `--json`.
struct RunReport {
    var command: [String]
    var ending: Child.Ending
    /// What `run` itself ends with.
    var exitCode: Int32
    var outcome: Outcome
    var summary: EmulationSummary
    var seed: UInt64
    var scenario: String?
    var board: String?
    /// nil for none.
    var flash: String?
    var trace: String?

    enum Outcome: String {
        case passed
        case failed
        case timedOut = "timed-out"
        case notStarted = "not-started"
        case flashDiffers = "flash-differs"
        case benchFailed = "bench-failed"
    }

    /// The last exchange with the chip's state, and how to see the rest.
    var lines: [String] {
        let exchange = summary.tally?.lastExchange ?? "nothing crossed the line"
        return [
            "last exchange: \(exchange); chip: \(summary.chip)",
            trace.map { "all of it: solderless show \(shellWord($0))" }
                ?? "to see all of it, run it again with --trace FILE, or always with --trace-on-failure FILE",
        ]
    }

    var json: JSONValue {
        let hasExited = ending.hasStarted && ending.signal == nil
        return .report([
            .init("command", .array(command.map { .string($0) })), .init("outcome", .string(outcome.rawValue)),
            .init("exitCode", .integer(Int64(exitCode))),
            .init("commandExitCode", hasExited && !ending.isOutOfTime ? .integer(Int64(ending.code)) : .null),
            .init("commandSignal", ending.signal.map { .integer(Int64($0)) } ?? .null),
            .init("wallNanoseconds", .integer(summary.wallTime.nanoseconds)),
            .init("lineNanoseconds", .integer(summary.lineTime.nanoseconds)),
            .init("seed", .string(String(seed))), .init("scenario", optional(scenario)),
            .init("board", optional(board)),
            .init(
                "bytes",
                .object([
                    .init("hostToChip", .integer(Int64(summary.tally?.hostByteCount ?? 0))),
                    .init("chipToHost", .integer(Int64(summary.tally?.chipByteCount ?? 0))),
                ])),
            .init(
                "lastExchange",
                .object([
                    .init("hostToChip", optional(summary.tally?.request?.description)),
                    .init("chipToHost", optional(summary.tally?.answer?.description)),
                ])),
            .init("chip", .string(summary.chip)), .init("program", optional(summary.program)),
            .init(
                "faults",
                .array(
                    summary.faults.map {
                        .object([.init("fault", .string($0.label)), .init("count", .integer(Int64($0.count)))])
                    })),
            .init("expectedFlash", .array(summary.flashDifferences.map(\.json))),
            .init("flash", optional(flash)), .init("trace", optional(trace)),
        ])
    }

    private func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension FlashComparison {
    var json: JSONValue {
        .object([
            .init("file", .string(path)), .init("address", .integer(Int64(address))),
            .init("byteCount", .integer(Int64(byteCount))), .init("differingCount", .integer(Int64(differingCount))),
            .init("firstDifference", first.map { .integer(Int64($0.address)) } ?? .null),
        ])
    }
}
