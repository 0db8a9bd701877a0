/// What lies between a host and a chip: the adapter, the levels, the ground, and what is wrong with any of them.
///
/// The default is a perfect line, and a perfect line costs nothing: no level is looked at, nothing is asked for each
/// run.
package struct LineConditions: Sendable {
    /// What the host's port ends in; nil for one that makes every rate exactly and has the chip's own levels.
    package var adapter: Adapter?
    /// The chip's pins, as its supply makes them.
    package var chipDriver = Driver.ecr6600()
    package var chipInput = Input.ecr6600()
    package var ground = Ground.joined
    /// How an adapter below the chip's level is lifted by the chip; nil for one that is not.
    package var rail: ClampRail? = ClampRail()
    /// In the order in which a run meets them.
    package var faults: [LabelledFault] = []
    /// Decides all noise, the mains' phase and every fault.
    package var seed: UInt64 = 1

    package init() {}

    /// Nothing is wrong, and nothing is asked.
    package static let perfect = LineConditions()

    /// Whether rates or levels may matter, and not the faults alone.
    package var hasLevels: Bool {
        adapter != nil || ground != .joined || !chipInput.isClear(adapterDriver) || !adapterInput.isClear(chipDriver)
    }

    /// When the adapter is unplugged; nil for never.
    package var unpluggedAt: Instant? {
        faults.compactMap { ($0.fault as? Unplugged)?.moment }.min()
    }

    var adapterDriver: Driver { adapter?.driver ?? chipDriver }

    var adapterInput: Input { adapter?.input ?? chipInput }

    /// An adapter that drives less than the chip does is lifted by it.
    var effectiveRail: ClampRail? { adapterDriver.high < chipDriver.high ? rail : nil }
}
