import Line
import Wire

/// The host's end of the line as an exchange sees it: what came, what goes out, the time, one deadline.
struct HostPort {
    /// The time of this call.
    var now = Instant.zero
    /// What has arrived and was not taken yet.
    var input: [UInt8] = []
    /// Bits per second of the port; the driver sets the real one to it.
    var baud = BootProtocol.baud
    /// When `Exchange.timeout` is due.
    var deadline: Instant?
    /// What is known of the chip.
    var chip = ChipState()
    /// What the current step is called in reports.
    var phase = Phase.stubCheck
    /// Bytes that came since the step began, and the first of them.
    private(set) var receivedCount = 0
    private(set) var firstReceived: [UInt8] = []
    /// What came since the last thing that was understood; several steps of connecting may add to it.
    private(set) var heard = ByteTally()
    /// When the host last understood something.
    private(set) var understoodAt = Instant.zero
    /// What the current step has met that says something about a cause.
    private(set) var signs: [Observations.Sign: Int] = [:]
    /// The rate at which a command has succeeded or a block has come; what has only answered BAUD may be deaf at it.
    private(set) var provenBaud = BootProtocol.baud
    /// Bytes that the current step has done, as it last reported.
    private(set) var doneByteCount = 0
    /// Whether a loader has accepted a header.
    var hasLoader = false
    /// Whether a stub was there that did not know the first command.
    var hasMetOtherStub = false

    /// Whether the imitated tool's log is kept (`RDToolLog`).
    var keepsLog = false
    /// Whether what was said last still waits for an answer that makes sense, and nothing was logged about it.
    private var isUnanswered = false
    /// The first byte since then.
    private var firstAnswered: UInt8?

    private var outgoing = RunQueue()
    private var reports = Queue<FlasherReport>()
}

// MARK: - Sending

extension HostPort {
    var rate: BitRate { BitRate(baud: baud) }

    /// Sends at once; the line does the pacing.
    mutating func send(_ bytes: [UInt8]) {
        send { $0 += bytes }
    }

    mutating func send(_ byte: UInt8) {
        send { $0.append(byte) }
    }

    /// Sends an XMODEM block without an array of its own.
    mutating func sendBlock(number: UInt8, data: Span<UInt8>) {
        send { XMODEM.appendBlock(number: number, data: data, to: &$0) }
    }

    private mutating func send(_ write: (inout [UInt8]) -> Void) {
        heard.beginRun()
        isUnanswered = true
        firstAnswered = nil
        outgoing.append(timing: RunTiming(start: now, unpacedAt: rate), by: write)
    }

    /// The next run to send; see `Machine.transmit`.
    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard let (count, timing) = outgoing.first else { return nil }
        outgoing.take(count, into: &characters)
        return timing
    }

    /// What `count` characters take at the port's baud.
    func wireTime(_ count: Int) -> Duration {
        .nanoseconds(Int64(count) * rate.characterPicoseconds / 1000)
    }

    /// Sets the deadline: `duration` after now, and the time of `sent` characters on top.
    mutating func wait(_ duration: Duration, afterSending sent: Int = 0) {
        deadline = now.advanced(by: duration + wireTime(sent))
    }

    /// Waits for `quiet`, but not for ever: a line may never be quiet.
    mutating func wait(_ quiet: Duration, noLaterThan end: Instant) {
        deadline = min(now.advanced(by: quiet), max(end, now))
    }
}

// MARK: - Receiving

extension HostPort {
    mutating func arrive(_ bytes: Span<UInt8>) {
        receivedCount += bytes.count
        let missing = 32 - firstReceived.count
        if missing > 0 {
            bytes.extracting(first: missing).withUnsafeBufferPointer { firstReceived += $0 }
        }
        bytes.withUnsafeBufferPointer {
            input += $0
            firstAnswered = firstAnswered ?? $0.first
        }
        heard.add(bytes, at: now)
    }

    /// What came so far made sense.
    mutating func understood() {
        understoodAt = now
        heard = ByteTally()
        isUnanswered = false
    }

    /// At this rate both ends understand each other.
    mutating func proveRate() { provenBaud = baud }

    mutating func notice(_ sign: Observations.Sign) {
        signs[sign, default: 0] += 1
    }

    mutating func discardInput() {
        input.removeAll(keepingCapacity: true)
    }

    mutating func consume(_ count: Int) {
        input.removeFirst(count)
    }

    mutating func forgetReceived() {
        receivedCount = 0
        firstReceived = []
        doneByteCount = 0
        signs = [:]
    }
}

// MARK: - Reporting

extension HostPort {
    mutating func report(_ report: FlasherReport) {
        // Progress is made of what was understood, and of nothing else.
        if case .progress(_, let done, _) = report {
            understood()
            proveRate()
            doneByteCount = done
        }
        if case .progress(let phase, _, _) = report, case .progress(phase, _, _)? = reports.last {
            reports[reports.count - 1] = report
        } else {
            reports.append(report)
        }
    }

    /// A line of the imitated tool; nothing for hosts that imitate none.
    mutating func log(_ line: @autoclosure () -> String) {
        if keepsLog { report(.log(line())) }
    }

    /// The time for an answer is over. RDTool says so once, and only if at least one byte came (ECR6600 facts §11.3).
    mutating func logTimeout() {
        guard isUnanswered, heard.run > 0 else { return }
        let count = heard.run
        log(RDToolLog.receivedOnly(count))
        isUnanswered = false
    }

    /// An answer to a stub's command is there, as long as the shortest. RDTool complains of one that does not begin with
    /// 5A (ECR6600 facts §11.3), and then no more of its length. That it looks at whole answers only is ours: with
    /// fewer bytes its users have seen the other complaint.
    mutating func logMagic() {
        guard isUnanswered, heard.run >= StubAnswer.frameByteCount, let firstAnswered,
            firstAnswered != StubAnswer.marker
        else { return }
        log(RDToolLog.wrongMagic)
        isUnanswered = false
    }

    mutating func retry(_ reason: String) {
        report(.retry(phase, reason))
    }

    mutating func nextReport() -> FlasherReport? {
        reports.isEmpty ? nil : reports.removeFirst()
    }
}
