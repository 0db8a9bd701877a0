import CPorts
import Files
import Glibc
import SystemPackage

/// Lets any thread wake a loop that waits for its ports (eventfd).
///
/// A class, because several owners share one descriptor, which lives until the last of them lets go.
package final class WakeUp: Sendable {
    private let counter: OwnedDescriptor

    /// - Throws: `PortError` when no descriptor is left.
    package init() throws(PortError) {
        guard let counter = OwnedDescriptor(ports_event_counter()) else {
            throw .last(path: "", "cannot make an event counter")
        }
        self.counter = counter
    }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { PollDescriptor(counter.descriptor, for: .readable) }

    /// Wakes the loop, now or at its next wait. Many calls may end in one wake-up.
    package func wake() {
        var one: UInt64 = 1
        // The only refusal is a full counter, and then the loop is being woken anyway.
        _ = uninterrupted { write(counter.raw, &one, MemoryLayout.size(ofValue: one)) }
    }

    /// Called by the loop once awake, before it looks at what it was woken for. Tells whether anybody had called.
    @discardableResult
    package func clear() -> Bool {
        var count: UInt64 = 0
        return uninterrupted { read(counter.raw, &count, MemoryLayout.size(ofValue: count)) } > 0
    }
}
