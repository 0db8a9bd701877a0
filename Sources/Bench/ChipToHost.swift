import Line
import Ports
import Trace
import Wire

/// The way from the chip's transmitter to the client's read: characters are handed to the pseudo-terminal when they have
/// crossed the wire, and wait here while the client does not read.
struct ChipToHost {
    private let comparesRates: Bool
    /// What the chip has sent and what has not crossed yet.
    private var crossing = RunQueue()
    /// The client's receiver; where rates are not compared nothing passes through it.
    private var receiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
    /// What has crossed and what the client's queue had no room for.
    private var unread: [UInt8] = []
    private var head = 0

    /// What waits for a client that does not read: a whole flash of 16 MB in frames fits; more is lost, as on a port.
    private static let mostUnread = 20 << 20

    init(_ time: TimeMode) {
        comparesRates = time.comparesRates
    }

    /// Whether something has crossed and waits for the client.
    var hasUnread: Bool { head < unread.count }
    /// Characters that the client has not been given yet.
    var undeliveredByteCount: Int { crossing.count + unread.count - head }

    /// Takes everything that the chip has to send, and gives the client what has crossed.
    /// - Parameter line: what may happen on the way; nil for nothing.
    mutating func carry(
        from device: inout some Machine, through line: inout LineState?, to terminal: inout some Transport & ~Copyable,
        at now: Instant, tap: TraceTap?
    ) throws(PortError) {
        var run: [UInt8] = []
        while var timing = device.transmit(into: &run) {
            tap?.chipSent(run.span, until: timing.end(of: run.count), now: now)
            if line != nil {
                line?.chipSends(run.span, timing: timing)
                line?.spoil(&run, &timing, .chipToHost)
            }
            crossing.append(run.span, timing: timing)
            run.removeAll(keepingCapacity: true)
            // Whoever sends without end is emptied as it goes.
            if crossing.count > Self.mostUnread { release(to: terminal, through: &line, at: now, tap: tap) }
        }
        release(to: terminal, through: &line, at: now, tap: tap)
        while head < unread.count {
            let waiting = unread
            let taken = try terminal.write(waiting.span.extracting(droppingFirst: head))
            guard taken > 0 else { return }
            head += taken
        }
        dropUnread()
    }

    /// Puts characters on the wire that the chip has not sent.
    mutating func inject(_ characters: [UInt8], timing: RunTiming) {
        crossing.append(characters.span, timing: timing)
    }

    /// Lets the client read what it has heard over another wire.
    mutating func hear(_ characters: [UInt8], through line: inout LineState?, at now: Instant) {
        let before = unread.count
        put(characters)
        hold(from: before, RunTiming(start: now, unpacedAt: receiver.clock.rate), through: &line)
    }

    /// Lets the client read characters that have crossed no wire.
    mutating func put(_ characters: [UInt8]) {
        guard unread.count - head + characters.count <= Self.mostUnread else { return }
        unread += characters
    }

    /// Forgets what has crossed: the client threw it away, or is gone.
    mutating func dropUnread() {
        unread.removeAll(keepingCapacity: true)
        head = 0
    }

    /// When the next characters will have crossed; a millisecond's worth at a time.
    /// - Parameter line: whose adapter may hold something back.
    func nextRelease(after now: Instant, batch: Duration, through line: LineState?) -> Instant? {
        let crossed = crossing.first.map { count, timing in
            min(timing.end(of: count), max(now.advanced(by: batch), timing.end(of: 1)))
        }
        return [crossed, receiver.deadline, line?.packets?.deadline].compactMap { $0 }.min()
    }

    /// When the last character that the chip is sending now will have crossed, if that is by `moment`.
    func lastArrival(by moment: Instant) -> Instant? {
        crossing.last.map { count, timing in timing.end(of: count) }.flatMap { $0 <= moment ? $0 : nil }
    }

    /// Moves what has crossed to what can be read.
    private mutating func release(
        to terminal: borrowing some Transport & ~Copyable, through line: inout LineState?, at now: Instant,
        tap: TraceTap?
    ) {
        while let (count, timing) = crossing.first {
            let crossed = timing.arrived(by: now, of: count)
            guard crossed > 0 else { break }
            reclaim()
            guard unread.count - head < Self.mostUnread else {
                crossing.drop(crossed)
                tap?.note(.lost(.chipToHost, count: crossed, reason: "the client does not read"), at: now)
                continue
            }
            let before = unread.count
            crossing.take(crossed, into: &unread)
            defer { hold(from: before, timing, through: &line) }
            guard comparesRates, terminal.isOpen else { continue }
            let clock = ReceiverClock(rate: BitRate(baud: max(1, terminal.clientBaud)))
            receiver.clock = line?.hostClock(clock) ?? clock
            guard line != nil || !receiver.letPass(crossed, timing) else { continue }
            var arrived = Array(unread[before...])
            var arrival = timing
            guard line.sample(&arrived, timing: &arrival, .chipToHost, by: &receiver) != nil else { continue }
            unread.replaceSubrange(before..., with: arrived)
            tap?.noteGarbled(.chipToHost, crossed, sent: timing.rate, received: receiver.clock.rate, at: now)
        }
        let before = unread.count
        line.settle(at: now, .chipToHost, by: &receiver, into: &unread)
        hold(from: before, RunTiming(start: now, unpacedAt: receiver.clock.rate), through: &line)
        line?.packets?.take(by: now, into: &unread)
    }

    /// Where there is an adapter, what has just been received goes by its packets.
    private mutating func hold(from first: Int, _ timing: RunTiming, through line: inout LineState?) {
        guard line?.packets != nil, first < unread.count else { return }
        line?.packets?.append(unread.span.extracting(first..<unread.count), timing: timing)
        unread.removeSubrange(first...)
    }

    private mutating func reclaim() {
        guard head > 65_536, head > unread.count / 2 else { return }
        unread.removeFirst(head)
        head = 0
    }
}
