/// What is known of the flash, whatever anybody says of it.
package struct Evidence: Hashable, Sendable {
    /// What it held before the job.
    package var before: [UInt8]
    /// What it must hold after the job was done well.
    package var wanted: [UInt8]
    /// What it holds now.
    package var found: [UInt8]
    /// Sizes in bytes that a fault made the chip report in place of the flash's own.
    package var reportedSizes: [Int]

    package init(before: [UInt8], wanted: [UInt8], found: [UInt8], reportedSizes: [Int] = []) {
        self.before = before
        self.wanted = wanted
        self.found = found
        self.reportedSizes = reportedSizes
    }
}
