import Line

/// What the flash held before operations that lie ahead of the driver's time.
///
/// A loader runs straight on: it erases a range and then waits, and the flash is changed before the time has passed. When
/// the power goes meanwhile, what had not begun by then must not have happened.
struct FlashHistory {
    private struct Step {
        /// When the operation begins.
        var moment: Instant
        /// The first sector that it changes, and what the sectors held.
        var first: Int
        var contents: [[UInt8]]
        /// What was wrong with the flash, and how often that had shown.
        var faults: FlashFaults
    }
    private var steps: [Step] = []

    /// Keeps what sectors hold until `moment` has come. - Parameter faults: as they were before the operation.
    mutating func remember(_ sectors: Range<Int>, of flash: NORFlash, with faults: FlashFaults, until moment: Instant) {
        steps.append(Step(moment: moment, first: sectors.lowerBound, contents: flash.sectors(sectors), faults: faults))
    }

    /// Lets go of what has begun by `moment`.
    mutating func forget(until moment: Instant) {
        guard let first = steps.first, first.moment <= moment else { return }
        steps.removeFirst(steps.prefix { $0.moment <= moment }.count)
    }

    /// Undoes everything that has not begun, the last first.
    mutating func undo(in flash: inout NORFlash) {
        for step in steps.reversed() { flash.restore(step.contents, at: step.first) }
        if let first = steps.first { flash.faults = first.faults }
        steps.removeAll()
    }
}
