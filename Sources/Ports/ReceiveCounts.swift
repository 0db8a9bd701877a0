import CPorts

/// What a port's driver counts (TIOCGICOUNT) of that which no mark in the data shows. The counts wrap around.
package struct ReceiveCounts: Hashable, Sendable {
    /// Characters that came before the last one was taken, by the receiver or by the driver.
    package var overrun: UInt32
    /// Changes of CTS, DSR, DCD and RI.
    package var lineChanges: UInt32

    package init(overrun: UInt32 = 0, lineChanges: UInt32 = 0) {
        self.overrun = overrun
        self.lineChanges = lineChanges
    }

    init(_ counts: ports_receive_counts) {
        self.init(overrun: counts.overrun, lineChanges: counts.line_changes)
    }

    /// Characters that were lost since `earlier`.
    package func overrun(since earlier: ReceiveCounts) -> Int { Int(overrun &- earlier.overrun) }
}
