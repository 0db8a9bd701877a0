import Bench
import Line
import Wire
import Words

/// What `record` says at its end: for a person, and for a program with `--json` (docs/json.md).
struct RecordReport {
    var device: String
    /// The flasher's port.
    var port: String
    var trace: String
    /// nil where nothing was left to chance.
    var seed: UInt64?
    /// nil for none.
    var scenario: String?
    var summary: RecordingSummary

    var lines: [String] {
        let tally = summary.tally
        let crossed =
            "\(plural(tally.hostByteCount, "byte")) to the chip, \(plural(tally.chipByteCount, "byte")) to the host, "
            + plural(summary.sessionCount, "session")
        let lost = summary.lossCount == 0 ? "" : ", the port was gone \(plural(summary.lossCount, "time"))"
        let ending =
            switch summary.ending {
            case .complete: ""
            case .full: ", up to its limit"
            case .failed: ", incomplete"
            }
        return summary.faults.map { "fault: \($0.label), \(plural($0.count, "incident"))" }
            + ["recorded: \(crossed)\(lost)", "trace: \(trace) (\(summary.traceByteCount) bytes\(ending))"]
    }

    var json: JSONValue {
        .report([
            .init("device", .string(device)), .init("port", .string(port)), .init("trace", .string(trace)),
            .init("traceBytes", .integer(Int64(summary.traceByteCount))),
            .init("traceEnding", .string(summary.ending.rawValue)),
            .init("wallNanoseconds", .integer(summary.wallTime.nanoseconds)),
            .init(
                "bytes",
                .object([
                    .init("hostToChip", .integer(Int64(summary.tally.hostByteCount))),
                    .init("chipToHost", .integer(Int64(summary.tally.chipByteCount))),
                ])),
            .init(
                "lastExchange",
                .object([
                    .init("hostToChip", optional(summary.tally.request?.description)),
                    .init("chipToHost", optional(summary.tally.answer?.description)),
                ])),
            .init("sessions", .integer(Int64(summary.sessionCount))),
            .init("portLosses", .integer(Int64(summary.lossCount))),
            .init("lostBytes", .integer(Int64(summary.lostByteCount))),
            .init("seed", optional(seed.map(String.init))), .init("scenario", optional(scenario)),
            .init(
                "faults",
                .array(
                    summary.faults.map {
                        .object([.init("fault", .string($0.label)), .init("count", .integer(Int64($0.count)))])
                    })),
        ])
    }

    private func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
