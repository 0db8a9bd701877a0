import Line
import Trace
import Words

extension ImportSummary {
    /// What was found, in a line.
    package var inWords: String {
        var parts = [
            "\(kind), \(byteCount.hostToChip) bytes host to chip, \(byteCount.chipToHost) chip to host"
        ]
        if baudCount > 0 { parts.append(baudCount == 1 ? "1 rate set" : "\(baudCount) rates set") }
        return parts.joined(separator: ", ")
    }

    /// What was taken to be so, what is missing, and what was passed over; a line each.
    package var remarks: [String] {
        var lines: [String] = []
        if !properties.isEmpty { lines.append(properties.map { "\($0.key) \($0.value)" }.joined(separator: ", ")) }
        if bauds.count > 1 {
            let rest = bauds.count == Self.problemLimit ? ", …" : ""
            lines.append("rates: \(bauds.map(String.init).joined(separator: ", "))\(rest)")
        }
        if receiveErrorCount > 0 { lines.append("receive errors: \(receiveErrorCount)") }
        lines += assumptions.map { "assumed: \($0)" }
        if lostByteCount != Pair(0) {
            lines.append(
                "lost: \(lostByteCount.hostToChip) bytes host to chip, \(lostByteCount.chipToHost) chip to host, "
                    + "that the recording does not have")
        }
        if outOfOrderCount > 0 {
            let times = outOfOrderCount == 1 ? "once" : "\(outOfOrderCount) times"
            lines.append("times go back \(times): such an event has the time before it")
        }
        lines += problems
        if problemCount > problems.count { lines.append("and \(problemCount - problems.count) more of that kind") }
        return lines
    }
}
