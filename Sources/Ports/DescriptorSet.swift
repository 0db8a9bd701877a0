import CPorts
import Files
import SystemPackage

/// Descriptors that come and go, as one that a loop can wait for (epoll): it is readable as long as one of them is ready.
struct DescriptorSet: ~Copyable {
    private let set: OwnedDescriptor

    /// - Throws: `PortError` when no descriptor is left.
    init() throws(PortError) {
        guard let set = OwnedDescriptor(ports_set_new()) else { throw .last(path: "", "cannot make a descriptor set") }
        self.set = set
    }

    /// What the loop waits for.
    var pollDescriptor: PollDescriptor { PollDescriptor(set.descriptor, for: .readable) }

    /// - Parameter token: what `ready` calls it.
    /// - Returns: whether the system has taken it.
    func add(_ descriptor: FileDescriptor, for interest: Readiness, token: UInt64) -> Bool {
        change(ports_set_add, descriptor, interest, token)
    }

    func modify(_ descriptor: FileDescriptor, for interest: Readiness, token: UInt64) {
        _ = change(ports_set_modify, descriptor, interest, token)
    }

    /// Before it is closed: a copy of it elsewhere would keep it in the set.
    func remove(_ descriptor: FileDescriptor) {
        _ = change(ports_set_remove, descriptor, [], 0)
    }

    /// Those that are ready, without waiting; where they are more than `most`, each has its turn.
    func ready(most: Int) -> [(token: UInt64, readiness: Readiness)] {
        withUnsafeTemporaryAllocation(of: ports_set_event.self, capacity: most) { events in
            let count = uninterrupted { ports_set_ready(set.raw, events.baseAddress!, Int32(most)) }
            return events.prefix(max(0, Int(count))).map { event in
                var readiness: Readiness = []
                if event.readable != 0 { readiness.insert(.readable) }
                if event.writable != 0 { readiness.insert(.writable) }
                if event.hung_up != 0 { readiness.insert(.hungUp) }
                return (event.token, readiness)
            }
        }
    }

    private func change(
        _ action: ports_set_action, _ descriptor: FileDescriptor, _ interest: Readiness, _ token: UInt64
    ) -> Bool {
        ports_set_change(
            set.raw, action, descriptor.rawValue, interest.contains(.readable) ? 1 : 0,
            interest.contains(.writable) ? 1 : 0, token) == 0
    }
}
