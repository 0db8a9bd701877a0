import Line
package import Trace

/// Holds two traces against each other step by step: bytes of each direction whatever their chunks, and what the host
/// did to its port.
///
/// As long as the two agree, each direction is compared on its own. Where they part, the next steps of both are aligned
/// anew, by what they are about and not by their times: what one has more of, and what differs. That looks ahead by
/// `window` steps at most, so that memory is bounded whatever the traces are.
package struct TraceComparison {
    /// How far apart the same byte may be in the two traces, counted from their first data; nil: times do not matter.
    package var timingTolerance: Duration?
    /// Whether what was done to the host's port is compared as well.
    package var comparesPort = true
    /// How many steps of each trace are looked at to align them, in `windows`. Bytes that no protocol explains, such as
    /// the lines of a boot log, count an eighth.
    package var window = 64

    /// A step has 64 KB at most: twice as many of them are held.
    package static let windows = 4...256

    package init() {}

    /// Compares two traces as they are read.
    /// - Parameters:
    ///   - a: gives the next event of trace A, and nil at the end.
    ///   - b: likewise.
    ///   - tell: is told what is found.
    package func compare<Failure: Error>(
        _ a: () throws(Failure) -> TraceEvent?, _ b: () throws(Failure) -> TraceEvent?, tell: (Finding) -> Void
    ) throws(Failure) {
        var alignment = Alignment(self)
        try alignment.run(a, b, tell)
    }

    /// The same of events that are in memory.
    package func findings(_ a: some Sequence<TraceEvent>, _ b: some Sequence<TraceEvent>) -> [Finding] {
        var (a, b) = (a.makeIterator(), b.makeIterator())
        var findings: [Finding] = []
        compare({ a.next() }, { b.next() }) { findings.append($0) }
        return findings
    }
}
