/// What is done where a session is cut.
package struct PlannedCut: Hashable, Sendable {
    package enum Way: Hashable, Sendable {
        /// The supply goes, and nothing brings it back. With a seed, what the flash is in the middle of is left half done.
        case power(tearing: UInt64?)
        /// The host's adapter is pulled out: nothing crosses the line any more, and the chip keeps its power.
        case plug
    }

    /// nil where it only counts.
    package var point: CutPoint?
    package var way: Way
    /// Whether every point is kept that the session comes to.
    package var keepsPassed: Bool

    package init(at point: CutPoint?, _ way: Way = .power(tearing: nil), keepsPassed: Bool = false) {
        self.point = point
        self.way = way
        self.keepsPassed = keepsPassed
    }
}
