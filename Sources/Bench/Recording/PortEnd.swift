import Line

/// The chip's end of a line as a machine where the chip is real: what it is given waits here for the port, and what the
/// port has said is what it sends. It adds no time.
struct PortEnd: Machine {
    /// The rate that the port has, in bits per second.
    var baud = 115_200
    /// What the port has not taken yet, and how much of it was written at which rate, one behind the other.
    private var unsent = Queue<UInt8>()
    private var rates = Queue<(count: Int, baud: Int)>()
    /// What the port has said.
    private var said = RunQueue()

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        guard !characters.isEmpty else { return }
        unsent.append(contentsOf: characters)
        if let last = rates.last, last.baud == timing.rate.baud {
            rates[rates.count - 1].count += characters.count
        } else {
            rates.append((characters.count, timing.rate.baud))
        }
    }

    mutating func advance(to now: Instant) {}

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard let (count, timing) = said.first else { return nil }
        said.take(count, into: &characters)
        return timing
    }

    var deadline: Instant? { nil }

    func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: max(1, baud))) }

    /// The port said something.
    mutating func say(_ characters: Span<UInt8>, at moment: Instant) {
        said.append(characters, timing: RunTiming(start: moment, unpacedAt: BitRate(baud: max(1, baud))))
    }

    // MARK: What waits for the port

    var unsentCount: Int { unsent.count }

    /// The rate that the next of it was written at, in bits per second; nil where nothing waits.
    var nextBaud: Int? { rates.first?.baud }

    /// What waits and was written at that rate; never empty where there is one.
    var next: ArraySlice<UInt8> { unsent.waiting.prefix(rates.first?.count ?? 0) }

    /// The port has taken so many of them.
    mutating func took(_ count: Int) {
        guard count > 0 else { return }
        unsent.drop(count)
        if rates[0].count == count { rates.drop(1) } else { rates[0].count -= count }
    }

    /// Forgets what the port has not taken. - Returns: how much that was.
    mutating func dropUnsent() -> Int {
        defer {
            unsent.removeAll()
            rates.removeAll()
        }
        return unsent.count
    }
}
