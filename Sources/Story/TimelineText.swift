import Words

extension Timeline {
    /// The table of phases with a bar each.
    /// - Parameters:
    ///   - origin: the stamp that starts count from, in nanoseconds; nil for the first phase's.
    ///   - barWidth: of a whole session, in characters.
    package func table(since origin: Int64? = nil, barWidth: Int = 24) -> String {
        guard let first = phases.map(\.start).min(), let last = phases.map(\.end).max() else { return "no phases\n" }
        var rows = [["phase", "start", "took", "bytes", "rate", "", "note"]]
        for phase in phases {
            rows.append([
                phase.kind.rawValue, Format.seconds(max(0, phase.start - (origin ?? first))),
                phase.duration > 0 ? Format.duration(phase.duration) : "–",
                phase.byteCount > 0 ? Format.bytes(Int64(phase.byteCount)) : "",
                phase.kind == .erase || phase.kind == .verify
                    ? "" : phase.bytesPerSecond.map { "\(Format.bytes($0))/s" } ?? "",
                Self.bar(phase.start - first, phase.end - first, of: last - first, width: barWidth), phase.note,
            ])
        }
        return Self.aligned(rows)
    }

    /// Where a phase lies in the session, in eighths of a character at its end; never less than a sliver.
    private static func bar(_ start: Int64, _ end: Int64, of total: Int64, width: Int) -> String {
        let scale = Double(width * 8) / Double(max(1, total))
        let begin = max(0, min(width - 1, Int(Double(start) * scale) / 8))
        let eighths = max(1, Int(Double(end) * scale) - begin * 8)
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let bar = String(repeating: " ", count: begin) + String(repeating: "█", count: eighths / 8) + partial
        return Format.left(bar, width)
    }

    /// Columns two blanks apart; the first, the bar and the last to the left, numbers to the right.
    private static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = row.indices.map { column in
                column == 0 || column >= 5
                    ? Format.left(row[column], widths[column]) : Format.right(row[column], widths[column])
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

extension Statistics {
    /// For `--stats`; the throughput of phases follows the numbers of the whole.
    /// - Parameter origin: the stamp that moments count from, in nanoseconds; nil for the first event's.
    package func text(_ timeline: Timeline, since origin: Int64? = nil) -> String {
        var lines = [
            "session         \(Format.duration(lastStamp - (firstStamp ?? lastStamp)))",
            "host to chip    \(hostByteCount) bytes",
            "chip to host    \(chipByteCount) bytes",
            "retries         \(retries)",
        ]
        for cause in RetryCause.allCases {
            if let count = retriesByCause[cause] { lines.append("  \(Format.right("\(count)", 4))  \(cause.words)") }
        }
        lines += [
            "noise           \(noiseByteCount) bytes",
            "longest silence \(Format.duration(longestSilence.duration)), from "
                + "\(Format.seconds(max(0, longestSilence.start - (origin ?? firstStamp ?? 0)))) s",
        ]
        if let median = latencies.median {
            lines.append(
                "answers after   \(Format.duration(latencies.minimum)) / \(Format.duration(median)) / "
                    + "\(Format.duration(latencies.maximum)) (min / median / max of \(latencies.count))")
        }
        lines += latencies.lines(barWidth: 32)
        lines.append("events")
        for (name, count) in eventCounts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("  \(Format.left(name, 18))\(Format.right("\(count)", 8))")
        }
        return lines.joined(separator: "\n") + "\n\n" + timeline.table(since: origin)
    }
}

extension LatencyHistogram {
    /// A line an interval, with a bar each: how many answers took how long.
    fileprivate func lines(barWidth: Int) -> [String] {
        let most = intervals.map(\.count).max() ?? 0
        guard intervals.count > 1, most > 0 else { return [] }
        return intervals.map { interval in
            let eighths = (interval.count * barWidth * 8 + most - 1) / most
            let bar =
                String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
            let range = "\(Format.duration(interval.from)) to \(Format.duration(interval.to))"
            var line = "  \(Format.left(range, 20))\(Format.right("\(interval.count)", 6))  \(bar)"
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
