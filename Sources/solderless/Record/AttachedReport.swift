import Bench
import Line
import Trace
import Words

/// What `record --attach` says at its end.
extension AttachedSummary {
    /// `/dev/ttyUSB0, 5120 B sent, 70.2 KB received, at 115200 and 921600 baud`
    var inWords: String {
        guard let port else { return "no port was recorded" }
        let rates = bauds.isEmpty ? "" : ", at \(bauds.map(String.init).joined(separator: ", ")) baud"
        let counts = port.byteCount
        return "\(printable(port.name)), \(Format.bytes(Int64(counts.hostToChip))) sent, "
            + "\(Format.bytes(Int64(counts.chipToHost))) received\(rates)"
    }

    /// What the user should know, a sentence each.
    func remarks(wanted: String?) -> [String] {
        var remarks: [String] = []
        if processCount == 0 {
            remarks.append(
                "The preload library was not loaded, so nothing was recorded: does the command run another one with an "
                    + "environment of its own (sudo, env -i) or in a container?")
        } else if recorded == nil, let wanted {
            remarks.append("The command did not open \(printable(wanted)).")
        } else if recorded == nil {
            remarks.append("The command opened no port.")
        }
        let others = ports.filter { $0.device != recorded }.map { printable($0.name) }
        if !others.isEmpty {
            remarks.append(
                "Also opened and not recorded: \(others.joined(separator: ", ")) (--port chooses).")
        }
        let missing = lost.hostToChip.addingReportingOverflow(lost.chipToHost)
        if missing.partialValue != 0 || lostOthers > 0 {
            remarks.append(
                "The recorder fell behind: \(lost.hostToChip) bytes sent, \(lost.chipToHost) received and "
                    + "\(lostOthers) other events are missing, of all ports together; the trace says where.")
        }
        if !stillHolding.isEmpty {
            let processes = stillHolding.map(String.init).joined(separator: ", ")
            remarks.append(
                "The port is still open in what the command left running (process \(processes)); recording ended.")
        }
        return remarks
    }

    /// For a program (docs/json.md). - Parameters:
    ///   - trace: its absolute path.
    ///   - code: what the command ended with.
    func json(trace: String, code: Int32) -> JSONValue {
        let counts = port?.byteCount ?? Pair(0)
        return .report([
            .init("exitCode", .integer(Int64(code))), .init("trace", .string(trace)),
            .init("traceEnding", .string(traceFailure == nil ? "complete" : "failed")),
            .init("port", port.map { .string($0.name) } ?? .null), .init("bytes", Self.json(counts)),
            .init("bauds", .array(bauds.map { .integer(Int64($0)) })),
            .init("lost", Self.json(lost)), .init("lostEvents", .integer(Int64(lostOthers))),
            .init("processes", .integer(Int64(processCount))),
            .init("otherPorts", .array(ports.filter { $0.device != recorded }.map { .string($0.name) })),
            .init("stillOpenIn", .array(stillHolding.map { .integer(Int64($0)) })),
        ])
    }

    private static func json(_ counts: Pair<Int>) -> JSONValue {
        .object([
            .init("hostToChip", .integer(Int64(counts.hostToChip))),
            .init("chipToHost", .integer(Int64(counts.chipToHost))),
        ])
    }
}
