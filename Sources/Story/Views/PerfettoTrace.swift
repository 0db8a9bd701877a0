import Line
package import Trace
import Wire
import Words

/// A session in the trace events that Perfetto and `chrome://tracing` show: a lane for each direction's messages, one for
/// what happened beside them, a curve for each end's rate.
///
/// A message is drawn over the time that `WireTimes` gives it.
package struct PerfettoTrace {
    private static let benchLane = 3

    private var origin: Int64?
    private var times = WireTimes()
    private var isFirst = true

    package init() {}

    /// What the file begins with. - Parameter name: of the session, as the process that Perfetto shows.
    package mutating func head(_ name: String) -> String {
        let lanes = ["host → chip", "chip → host", "bench"]
        return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
            + entry([("ph", quoted("M")), ("name", quoted("process_name")), ("args", "{\"name\":\(quoted(name))}")])
            + lanes.enumerated().map { index, lane in
                entry([
                    ("ph", quoted("M")), ("tid", "\(index + 1)"), ("name", quoted("thread_name")),
                    ("args", "{\"name\":\(quoted(lane))}"),
                ])
            }.joined()
    }

    /// What it ends with.
    package var foot: String { "\n]}\n" }

    /// A rate that changes from here on, if the event is one; its line is that of the mark.
    package mutating func note(_ event: TraceEvent) -> String {
        guard case .baud(let end, let rate) = event.kind else { return "" }
        let start = begin(event.time.nanoseconds)
        times.note(event)
        return entry([
            ("ph", quoted("C")), ("ts", microseconds(event.time.nanoseconds - start)),
            ("name", quoted("\(end.name) baud")), ("args", "{\"baud\":\(rate)}"),
        ])
    }

    /// The lines of a message or a mark.
    package mutating func entry(_ told: SessionFollower.Told) -> String {
        switch told {
        case .event(let event, _):
            let start = begin(event.start)
            let direction = event.direction
            let drawn = times.span(of: event)
            let (first, last) = (max(start, drawn.lowerBound), max(start, drawn.upperBound))
            return entry([
                ("ph", quoted("X")), ("tid", direction == .hostToChip ? "1" : "2"),
                ("ts", microseconds(first - start)), ("dur", microseconds(last - first)),
                ("name", quoted(event.description)), ("cat", quoted(event.kind.name)),
                (
                    "args",
                    "{\"offset\":\(event.offset),\"bytes\":\(event.byteCount)"
                        + (event.pitfall.map { ",\"pitfall\":\(quoted($0.description))" } ?? "") + "}"
                ),
            ])
        case .mark(let mark):
            let start = begin(mark.stamp)
            return entry([
                ("ph", quoted("i")), ("s", quoted("t")), ("tid", "\(Self.benchLane)"),
                ("ts", microseconds(max(0, mark.stamp - start))), ("name", quoted(mark.text)),
                ("cat", quoted(mark.kind)),
            ])
        }
    }

    private mutating func begin(_ stamp: Int64) -> Int64 {
        let start = origin ?? stamp
        origin = start
        return start
    }

    private mutating func entry(_ members: [(String, String)]) -> String {
        let separator = isFirst ? "" : ",\n"
        isFirst = false
        return separator + "{\"pid\":1," + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).description }

    private func microseconds(_ nanoseconds: Int64) -> String { Decimals.text(nanoseconds, places: 3) }
}
