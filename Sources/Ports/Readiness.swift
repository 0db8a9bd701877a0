import CPorts
import Files
import Glibc
package import Line
package import SystemPackage

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// There is something to read, or the end of it.
    package static let readable = Readiness(rawValue: 1)
    /// There is room to write.
    package static let writable = Readiness(rawValue: 2)
    /// The other side is gone, or the descriptor is in error. Told even if not asked for.
    package static let hungUp = Readiness(rawValue: 4)
}

/// A descriptor, and what it is waited for.
package struct PollDescriptor: Hashable, Sendable {
    package var descriptor: FileDescriptor
    package var interest: Readiness

    package init(_ descriptor: FileDescriptor, for interest: Readiness) {
        self.descriptor = descriptor
        self.interest = interest
    }
}

extension Readiness {
    /// Waits until one of the descriptors is ready or the deadline has come, whichever is first.
    ///
    /// The deadline is a moment and not a span: a loop that is late once is not late for ever. Interrupting signals
    /// do not end the wait; watch a `SignalPipe` for that.
    ///
    /// - Parameter deadline: nil to wait for ever; in the past to look without waiting.
    /// - Returns: for each descriptor, in the same order, what it is ready for; all empty when the deadline came first.
    package static func wait(
        for descriptors: [PollDescriptor], until deadline: Instant?, clock: MonotonicClock
    ) throws(PortError) -> [Readiness] {
        var polled = descriptors.map { descriptor in
            pollfd(fd: descriptor.descriptor.rawValue, events: descriptor.interest.pollEvents, revents: 0)
        }
        while true {
            var timeout: Int64 = -1
            if let deadline { timeout = max(0, deadline.nanoseconds - clock.now.nanoseconds) }
            if ports_poll(&polled, polled.count, timeout) >= 0 { break }
            guard Errno.last == .interrupted else { throw .last(path: "", "cannot wait for ports") }
        }
        return polled.map { Readiness(pollEvents: $0.revents) }
    }

    private var pollEvents: Int16 {
        Int16((contains(.readable) ? POLLIN : 0) | (contains(.writable) ? POLLOUT : 0))
    }

    private init(pollEvents: Int16) {
        let events = Int32(pollEvents)
        self = []
        if events & POLLIN != 0 { insert(.readable) }
        if events & POLLOUT != 0 { insert(.writable) }
        if events & (POLLHUP | POLLERR | POLLNVAL) != 0 { insert(.hungUp) }
    }
}

/// Lets the kernel wake the calling thread within about a nanosecond of a deadline instead of gathering wake-ups over
/// 50 µs. Call it once on the loop's own thread; tells whether it worked, as nothing depends on it.
@discardableResult
package func minimizeTimerSlack() -> Bool {
    ports_minimize_timer_slack() == 0
}
