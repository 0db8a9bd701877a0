import Line
import Trace
import Wire

/// The way from the client's write to the chip: each character is charged its time on the wire and handed over when it
/// has crossed. What has not crossed can still be thrown away, as a port's driver does when its client flushes.
struct HostToChip {
    private var wire: HostWire
    private let comparesRates: Bool
    private var crossing = RunQueue()
    /// The chip's receiver; where rates are not compared nothing passes through it.
    private var receiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))

    /// The client's own receiver, for what it hears of itself where no ground joins the ends.
    private var ownEar = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
    private var heard: [UInt8] = []

    /// How far the wire may lag a client before the client is held back, where the line's clock does not go ahead; far
    /// beyond every time-out.
    private static let mostBehind = Duration.seconds(5)

    /// What an adapter is taken to have off its driver's hands already: a choice of ours, two of full-speed USB's frames.
    private static let adapterHolds = Duration.milliseconds(2)

    init(_ time: TimeMode) {
        wire = HostWire(pacing: time.hostPacing)
        comparesRates = time.comparesRates
    }

    /// The client's bytes that have not crossed.
    var waitingCount: Int { crossing.count }
    /// When the last of them will have crossed.
    var busyUntil: Instant { wire.busyUntil }

    /// Takes what the client wrote.
    mutating func accept(_ bytes: Span<UInt8>, at now: Instant, rate: BitRate) {
        crossing.append(bytes, timing: wire.charge(bytes.count, writtenAt: now, rate: rate))
    }

    /// Hands over what has crossed by now. - Parameter line: what may happen on the way; nil for nothing.
    mutating func handOver(
        to device: inout some Machine, through line: inout LineState?, at now: Instant, tap: TraceTap?
    ) {
        while let (count, timing) = crossing.first {
            let crossed = timing.arrived(by: now, of: count)
            guard crossed > 0 else { break }
            var run: [UInt8] = []
            crossing.take(crossed, into: &run)
            tap?.hostSent(run.span, timing: timing)
            device.otherEndSends(at: timing.start)
            var arrival = timing
            if line != nil, comparesRates {
                ownEar.clock = ReceiverClock(rate: timing.rate)
                line?.hearOwn(run.span, timing: timing, by: &ownEar, into: &heard)
            }
            line?.spoil(&run, &arrival, .hostToChip)
            if comparesRates {
                sample(&run, &arrival, at: device.receiverClock(at: timing.start), through: &line, tap: tap)
            }
            device.receive(run.span, timing: arrival)
        }
        var rest: [UInt8] = []
        line.settle(at: now, .hostToChip, by: &receiver, into: &rest)
        line?.settleOwn(at: now, by: &ownEar, into: &heard)
        if !rest.isEmpty { device.receive(rest.span, timing: RunTiming(start: now, unpacedAt: receiver.clock.rate)) }
    }

    private mutating func sample(
        _ run: inout [UInt8], _ timing: inout RunTiming, at clock: ReceiverClock, through line: inout LineState?,
        tap: TraceTap?
    ) {
        let sent = timing
        let count = run.count
        receiver.clock = line?.chipClock(clock) ?? clock
        guard line.sample(&run, timing: &timing, .hostToChip, by: &receiver) != nil else { return }
        tap?.noteGarbled(.hostToChip, count, sent: sent.rate, received: receiver.clock.rate, at: sent.start)
    }

    /// Hands over what a fault has put on the wire.
    mutating func inject(
        _ characters: [UInt8], rate: BitRate, to device: inout some Machine, through line: inout LineState?,
        at now: Instant, tap: TraceTap?
    ) {
        var run = characters
        var timing = RunTiming(start: now, backToBackAt: rate)
        if comparesRates { sample(&run, &timing, at: device.receiverClock(at: now), through: &line, tap: tap) }
        device.receive(run.span, timing: timing)
    }

    /// What the client has heard of its own characters since the last call.
    mutating func takeHeard() -> [UInt8] {
        guard !heard.isEmpty else { return [] }
        defer { heard.removeAll() }
        return heard
    }

    /// Throws away everything that has not crossed.
    mutating func drop(at now: Instant) {
        crossing.removeAll()
        wire.clear(at: now)
    }

    /// Throws away what has not crossed and is not with the adapter yet, as a driver does when its client flushes. A host
    /// that writes its last ACK and flushes at once must not lose it here more often than on a port (ECR6600 facts §13.4).
    mutating func flush(at now: Instant) {
        let horizon = now.advanced(by: Self.adapterHolds)
        var kept = RunQueue()
        var end = now
        while let (count, timing) = crossing.first {
            let safe = timing.arrived(by: horizon, of: count)
            guard safe > 0 else { break }
            var run: [UInt8] = []
            crossing.take(safe, into: &run)
            kept.append(run.span, timing: timing)
            end = timing.end(of: safe)
            if safe < count { break }
        }
        crossing = kept
        wire.clear(at: max(now, end))
    }

    /// How many more characters the wire takes on now; 0 while the client is held back.
    func room(at now: Instant, rate: BitRate) -> Int {
        let lag = now.duration(to: wire.busyUntil)
        guard lag < Self.mostBehind else { return 0 }
        let characters = (Self.mostBehind - max(lag, .zero)).wholeNanoseconds * 1000 / rate.characterPicoseconds
        // Never less than a frame's head, or a slow line would take in nothing at all.
        return max(16, Int(clamping: characters))
    }

    /// When the next characters are to be handed over; a millisecond's worth at a time.
    func nextArrival(after now: Instant, batch: Duration) -> Instant? {
        let crossed = crossing.first.map { count, timing in
            min(timing.end(of: count), max(now.advanced(by: batch), timing.end(of: 1)))
        }
        return [crossed, receiver.deadline, ownEar.deadline].compactMap { $0 }.min()
    }

    /// When the client may be read again; nil when it is not held back.
    func heldUntil(at now: Instant) -> Instant? {
        let resumption = Instant(nanoseconds: wire.busyUntil.nanoseconds - Self.mostBehind.wholeNanoseconds)
        return resumption > now ? resumption : nil
    }
}
