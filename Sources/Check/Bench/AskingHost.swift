import Line

/// How long a host has been asking in vain.
struct AskingHost: Sendable {
    /// A pause that is longer ends the asking; what comes after it begins anew. An assumption: above what patient hosts wait for
    /// an answer.
    static let longestPause = Duration.seconds(5)
    /// Who closes the port sooner has not given up, but looked whether there is one. An assumption.
    private static let leastPatience = Duration.seconds(1)

    /// Since the last answer, while the chip had power.
    private(set) var silence = Duration.zero
    /// Likewise, whether it had or not.
    private var askedInVain = Duration.zero
    private var lastEnd: Instant?
    /// From when to when it has been sending, answered or not, without a pause as long as that.
    private var sending: (from: Instant, until: Instant)?
    /// Whether the chip had power when the host last sent something.
    private var hadPower = false

    /// Whether a host that closes its port now has given up.
    var isTired: Bool { askedInVain >= Self.leastPatience }

    /// The host has sent something, which crosses from `start` to `end`.
    mutating func asks(from start: Instant, to end: Instant, hasPower: Bool) {
        let isGoingOn = lastEnd.map { $0.duration(to: start) <= Self.longestPause } ?? false
        let isSending = sending.map { $0.until.duration(to: start) <= Self.longestPause } ?? false
        sending = (isSending ? sending?.from ?? start : start, end)
        let begin = isGoingOn ? min(lastEnd ?? start, end) : start
        let time = begin.duration(to: max(end, begin))
        askedInVain += time
        if hasPower { silence += hadPower || !isGoingOn ? time : start.duration(to: max(end, start)) }
        hadPower = hasPower
        lastEnd = max(end, lastEnd ?? end)
    }

    /// Whether it was sending at a moment that has passed; more of what it sent may be known.
    /// - Parameter pause: what may lie between the last that it sent and that moment.
    func isSending(at moment: Instant, pause: Duration = longestPause) -> Bool {
        sending.map { $0.from <= moment && $0.until.duration(to: moment) <= pause } ?? false
    }

    /// The port was opened or closed: who sends next is another host, or the same that begins anew.
    mutating func interrupt() { sending = nil }

    mutating func isAnswered() {
        let sending = sending
        self = AskingHost()
        self.sending = sending
    }
}
