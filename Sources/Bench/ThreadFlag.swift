private import Synchronization

/// Something that one thread tells another, once and for all.
package final class ThreadFlag: Sendable {
    private let value = Atomic(false)

    package init() {}

    /// Whether it was told.
    package var isSet: Bool { value.load(ordering: .acquiring) }

    /// Tells it. The other sees it soon, or at once where it is woken afterwards by other means.
    package func set() { value.store(true, ordering: .releasing) }
}
