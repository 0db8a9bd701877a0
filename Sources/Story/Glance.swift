package import Line
package import Trace
package import Wire
import Words

/// What somebody should see of a session first: what went wrong on the line, and what the chip made of it. Its size does
/// not depend on the session's.
package struct Glance: Sendable {
    package struct Finding: Hashable, Sendable {
        /// When it first happened, in nanoseconds on the trace's clock.
        package var stamp: Int64
        package var text: String
        package var isTrouble: Bool
    }

    /// What is counted together.
    private enum Cause: Hashable, Sendable {
        case lost(Direction, String)
        case differs(Direction, String)
        case received(Direction, ReceiveError)
        case garbled(Direction)
        case fault
        case pitfall(String)
        case powerLost
    }

    private struct Count: Sendable {
        var stamp: Int64
        var places = 0
        var sent = 0
        var arrived = 0
        /// Of a pitfall; of faults, the first one's words.
        var summary = ""
    }

    private var counts: [(cause: Cause, count: Count)] = []
    private var hasMore = false
    private var firstHostByte: Int64?
    private var hostByteCount = 0
    private var power: (stamp: Int64, text: String)?

    /// So many causes are told.
    private static let most = 12

    package init() {}

    package mutating func data(_ count: Int, _ direction: Direction, at time: Instant) {
        guard direction == .hostToChip, count > 0 else { return }
        if firstHostByte == nil { firstHostByte = time.nanoseconds }
        hostByteCount += count
    }

    package mutating func note(_ event: TraceEvent) {
        let stamp = event.time.nanoseconds
        switch event.kind {
        case .power(on: true):
            guard power == nil else { return }
            power = (
                stamp,
                firstHostByte.map {
                    "power came \(Format.duration(max(0, stamp &- $0))) after the host's first byte; "
                        + "\(plural(hostByteCount, "byte")) had been sent by then"
                } ?? ""
            )
            // What was lost for want of it is told with it.
            counts.removeAll { if case .lost(.hostToChip, _) = $0.cause { true } else { false } }
        case .power(on: false): if power != nil { add(.powerLost, stamp) }
        case .lost(let direction, let count, let reason): add(.lost(direction, reason), stamp, sent: count)
        case .difference(let difference):
            let isToChip = difference.direction == .hostToChip
            let chipCount = difference.chipCharacters.count
            add(
                .differs(difference.direction, difference.cause.description), stamp,
                sent: isToChip ? difference.hostCount : chipCount, arrived: isToChip ? chipCount : difference.hostCount)
        case .receiveError(let direction, let error, let count): add(.received(direction, error), stamp, sent: count)
        case .garbled(let direction, let count, _, _): add(.garbled(direction), stamp, sent: count)
        case .fault(let words): add(.fault, stamp, summary: String(words.unicodeScalars.prefix(200)))
        default: break
        }
    }

    package mutating func add(_ event: SessionEvent) {
        guard let pitfall = event.pitfall else { return }
        add(.pitfall(pitfall.name), event.end, summary: pitfall.summary)
    }

    /// In the order in which they first happened.
    package var findings: [Finding] {
        var findings = counts.map {
            Finding(stamp: $0.count.stamp, text: Self.words($0.cause, $0.count), isTrouble: true)
        }
        if let power, !power.text.isEmpty {
            // It may be meant so: a flasher starts first, and the power comes second.
            findings.append(Finding(stamp: power.stamp, text: power.text, isTrouble: false))
        }
        findings.sort { $0.stamp < $1.stamp }
        if hasMore, let last = findings.last {
            findings.append(Finding(stamp: last.stamp, text: "and more of other kinds", isTrouble: true))
        }
        return findings
    }

    private mutating func add(
        _ cause: Cause, _ stamp: Int64, sent: Int = 0, arrived: Int = 0, summary: String = ""
    ) {
        let index: Int
        if let known = counts.firstIndex(where: { $0.cause == cause }) {
            index = known
        } else if counts.count < Self.most {
            index = counts.count
            counts.append((cause, Count(stamp: stamp, summary: summary)))
        } else {
            hasMore = true
            return
        }
        counts[index].count.places += 1
        counts[index].count.sent = Self.sum(counts[index].count.sent, sent)
        counts[index].count.arrived = Self.sum(counts[index].count.arrived, arrived)
    }

    /// A trace may claim any count.
    private static func sum(_ total: Int, _ count: Int) -> Int {
        let (sum, overflow) = total.addingReportingOverflow(max(0, count))
        return overflow ? .max : sum
    }

    private static func words(_ cause: Cause, _ count: Count) -> String {
        let times = count.places == 1 ? "" : ", \(count.places) times"
        let places = count.places == 1 ? "" : ", in \(count.places) places"
        switch cause {
        case .lost(let direction, let reason):
            return "\(plural(count.sent, "byte")) \(direction.name) lost: \(excerpt(reason))\(times)"
        case .differs(let direction, let cause):
            let what =
                switch (count.sent, count.arrived) {
                case (0, _): "\(plural(count.arrived, "byte")) \(direction.name) arrived that nobody sent"
                case (_, 0): "\(plural(count.sent, "byte")) \(direction.name) lost on the way"
                case (let sent, let arrived) where sent == arrived:
                    "\(plural(sent, "byte")) \(direction.name) arrived changed"
                case (let sent, let arrived): "\(plural(sent, "byte")) \(direction.name) arrived as \(arrived) others"
                }
            return "\(what)\(places) (\(excerpt(cause)))"
        case .received(let direction, let error):
            return "\(direction.name): \(error.name), \(plural(count.sent, "time"))"
        case .garbled(let direction):
            return "\(plural(count.sent, "byte")) \(direction.name) sampled at another rate than sent\(times)"
        case .fault:
            return count.places == 1
                ? "fault: \(count.summary)" : "\(count.places) incidents of faults, the first: \(count.summary)"
        case .pitfall: return "\(count.summary)\(times)"
        case .powerLost: return "the power went off\(times)"
        }
    }
}
