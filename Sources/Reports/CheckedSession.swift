package import Check
package import Line
package import Lint
package import Story
package import Trace
import Wire

/// What a trace says of a run that is judged: its chapters, what was wrong on the line and when, whether the host has
/// looked at what it did, and which rules it has broken.
package struct CheckedSession: Sendable {
    package private(set) var timeline = Timeline()
    /// When something was wrong on the line, and when the chip had no power.
    package var windows: [TroubleWindows.Window] { trouble.windows }
    /// How many bytes of transfers have got across in the last seconds before the end.
    package private(set) var lateByteCount = 0
    package private(set) var byteCount = 0
    /// How often the host opened the port.
    package private(set) var openings = 0
    /// The stamps of everything.
    package private(set) var start: Int64?
    package private(set) var end: Int64 = 0

    /// What the rules have found; nil until all has been read.
    package private(set) var lint: LintReport?

    /// How many of each step of the protocol there are.
    package private(set) var steps = StepTally()

    private var linter = Linter()
    private var progress = TransferProgress()
    private var tallies: [(stamp: Int64, count: Int)] = []
    private var follower = SessionFollower()
    private var check = VerificationWatch()
    private var recovery = RecoveryWatch()
    private var trouble = TroubleWindows()

    /// What got across so long before the end was a transfer under way. In nanoseconds.
    private static let lateSpan: Int64 = 5_000_000_000

    /// Whether the host was ended in the midst of it.
    private let isCutOff: Bool

    package init(isCutOff: Bool = false) {
        self.isCutOff = isCutOff
    }

    package mutating func data(_ bytes: Span<UInt8>, _ direction: Direction, at time: Instant) {
        note(time)
        byteCount += bytes.count
        linter.data(bytes, direction, at: time)
        steps.data(bytes, direction)
        var told: [SessionFollower.Told] = []
        follower.data(bytes, direction, at: time) { told.append($0) }
        take(told)
    }

    package mutating func other(_ event: TraceEvent) {
        note(event.time)
        if case .portOpened = event.kind { openings += 1 }
        if case .fault(let name) = event.kind { recovery.note(fault: name, at: event.time.nanoseconds) }
        trouble.note(event, since: start ?? event.time.nanoseconds)
        if case .portClosed = event.kind, isCutOff {} else { linter.other(event) }
        var told: [SessionFollower.Told] = []
        follower.other(event) { told.append($0) }
        take(told)
    }

    package mutating func finish() {
        var told: [SessionFollower.Told] = []
        follower.finish { told.append($0) }
        take(told)
        trouble.finish(at: end)
        lateByteCount = tallies.reduce(0) { $0 + ($1.stamp > end - Self.lateSpan ? $1.count : 0) }
        tallies = []
        lint = linter.finish(isCutOff: isCutOff)
    }

    /// What came of the faults, in their order.
    package var recoveries: [Recovery] { recovery.recoveries }

    /// Whether the host has compared what it wrote or read with what the chip has, and found it right so far as the chip
    /// can say: a digest, or a second read.
    package var wasVerified: Bool { check.wasVerified }

    private mutating func tally(_ count: Int, at stamp: Int64) {
        guard count > 0 else { return }
        tallies.append((stamp, count))
        if tallies.count > 20_000 { tallies.removeFirst(10_000) }
    }

    private mutating func note(_ time: Instant) {
        start = start ?? time.nanoseconds
        end = max(end, time.nanoseconds)
    }

    private mutating func take(_ told: [SessionFollower.Told]) {
        for case .event(let event, _) in told {
            timeline.add(event)
            check.note(event)
            recovery.note(event)
            tally(progress.note(event), at: event.end)
        }
    }
}

/// Follows what a host asks for, to know whether it has looked at what it did.
private struct VerificationWatch: Sendable {
    private var hasTransferred = false
    private var isWrite = false
    private var digestAsked = false
    private(set) var wasVerified = false

    mutating func note(_ event: SessionEvent) {
        switch event.kind {
        case .request(let request): note(request)
        case .answer(let answer) where answer.command == .sha256 && answer.status == .success && digestAsked:
            wasVerified = true
        default: break
        }
    }

    private mutating func note(_ request: StubRequestSummary) {
        switch request.command {
        case .flashDownload, .xmodemWrite, .xmodemWriteCompressed:
            // What is written later is not looked at by an earlier look.
            isWrite = true
            hasTransferred = true
            wasVerified = false
        case .flashUpload, .xmodemRead, .xmodemReadCompressed:
            if isWrite { wasVerified = true }
            hasTransferred = true
        case .sha256: digestAsked = hasTransferred
        default: break
        }
    }
}
