/// One end of a serial line: it never blocks, never reads a clock, never touches a file descriptor.
///
/// It is given bytes and the time; it gives back bytes and the next moment at which it wants to be asked. The same
/// machine therefore runs behind a pseudo-terminal in real time and in a simulation in virtual time, and a run of it is
/// a pure function of what it was given.
///
/// A driver's turn: `receive` what has arrived, `advance` to now, `transmit` until nil, sleep until `deadline`.
package protocol Machine {
    /// Takes a run of characters off the line. Runs come in the order of their start; characters may lie in the future
    /// of the last `advance`, and are looked at when their time has come.
    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming)

    /// The other end begins to send at `moment`, whether or not any of it arrives: a person at the bench may wait for
    /// that. Said before the run's `receive`, with the rate at which the characters leave; most machines have no use for it.
    mutating func otherEndSends(at moment: Instant, rate: BitRate)

    /// The other end's port now asserts these of its control lines. Said only where the port has any.
    mutating func controlLines(_ lines: ControlLines, at moment: Instant)

    /// Lets everything happen that is due up to and including `now`. Going back in time is ignored.
    mutating func advance(to now: Instant)

    /// Appends the next run it sends to `characters` and says when it crosses the line; nil when there is none.
    /// A run may begin in the future; the driver holds it until then.
    mutating func transmit(into characters: inout [UInt8]) -> RunTiming?

    /// When it wants to be asked again even if nothing arrives; nil when only arriving bytes can move it.
    var deadline: Instant? { get }

    /// How its receiver samples at `moment`.
    func receiverClock(at moment: Instant) -> ReceiverClock

    /// How often it has begun anew, by a reset or without power: what it was in the midst of then is forgotten.
    var restartCount: Int { get }
}

extension Machine {
    package mutating func controlLines(_ lines: ControlLines, at moment: Instant) {}

    package var restartCount: Int { 0 }

    package mutating func otherEndSends(at moment: Instant, rate: BitRate) {}
}
