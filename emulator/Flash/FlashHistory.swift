import Line

/// What the flash held before operations that have not ended in the driver's time.
///
/// A loader runs straight on: it erases a range and then waits, and the flash is changed before the time has passed. When
/// the power goes meanwhile, what had not begun by then must not have happened, and what was under way may be half done.
struct FlashHistory {
    private struct Step {
        var operation: FlashOperation
        /// What its sector held.
        var contents: [UInt8]
        /// What was wrong with the flash, and how often that had shown.
        var faults: FlashFaults
    }
    /// In the order of time: one ends before the next begins.
    private var steps: [Step] = []

    /// What the power's going leaves of an operation under way is decided by it; nil: what has begun is done.
    var tear: SplitMix64?
    /// Every operation so far; nil where nobody asks.
    var log: [FlashOperation]?

    /// Keeps what a sector holds until an operation has ended. - Parameter faults: as they were before it.
    mutating func remember(_ operation: FlashOperation, of flash: NORFlash, with faults: FlashFaults) {
        let sector = flash.sector(of: operation.range.lowerBound)
        steps.append(
            Step(operation: operation, contents: flash.sectors(sector..<(sector + 1))[0], faults: faults))
        log?.append(operation)
    }

    /// Lets go of what has ended by `moment`.
    mutating func forget(until moment: Instant) {
        guard let first = steps.first, first.operation.end <= moment else { return }
        steps.removeFirst(steps.prefix { $0.operation.end <= moment }.count)
    }

    /// The power goes: undoes everything that has not begun by `moment`, the last first.
    mutating func stop(at moment: Instant, in flash: inout NORFlash) {
        while let last = steps.last, last.operation.start > moment {
            flash.restore([last.contents], at: flash.sector(of: last.operation.range.lowerBound))
            flash.faults = last.faults
            steps.removeLast()
            if log?.last == last.operation { log?.removeLast() }
        }
        if let last = steps.last, last.operation.end > moment { leaveHalfDone(last, at: moment, in: &flash) }
        steps.removeAll()
    }

    /// Each bit that the operation changes is changed with a chance that grows with the time that has passed, from one
    /// eighth to seven. What a real part leaves is unknown (ECR6600 facts §5 says nothing of it): an assumption, made only
    /// where `tear` asks for it.
    private mutating func leaveHalfDone(_ step: Step, at moment: Instant, in flash: inout NORFlash) {
        guard var generator = tear else { return }
        defer { tear = generator }
        let (start, end) = (step.operation.start, step.operation.end)
        let sector = flash.sector(of: step.operation.range.lowerBound)
        let eighths =
            1 + 6 * start.duration(to: moment).wholeNanoseconds / max(1, start.duration(to: end).wholeNanoseconds)
        var torn = flash.sectors(sector..<(sector + 1))[0]
        for offset in step.operation.range.map({ $0 - sector * NORFlash.sectorByteCount }) {
            let changed = generator.bits(inEighths: eighths)
            torn[offset] = (torn[offset] & changed) | (step.contents[offset] & ~changed)
        }
        flash.restore([torn], at: sector)
    }
}

extension SplitMix64 {
    /// A byte of which each bit is set with a chance of so many eighths, 1 to 7.
    fileprivate mutating func bits(inEighths eighths: Int64) -> UInt8 {
        let random = next()
        var bits: UInt8 = 0
        for place in 0..<3 {
            let drawn = UInt8(truncatingIfNeeded: random >> (8 * UInt64(place)))
            bits = eighths >> Int64(place) & 1 == 1 ? bits | drawn : bits & drawn
        }
        return bits
    }
}
