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
    /// What a read of less than the whole flash was asked for; nil for all of it.
    package var askedFor: Range<Int>?
    /// The parts that the job has to change, from small to large addresses; nil for the whole flash. What lies in the same
    /// sectors has to be erased with them.
    package var parts: [Range<Int>]?

    package init(
        before: [UInt8], wanted: [UInt8], found: [UInt8], reportedSizes: [Int] = [], askedFor: Range<Int>? = nil,
        parts: [Range<Int>]? = nil
    ) {
        self.before = before
        self.wanted = wanted
        self.found = found
        self.reportedSizes = reportedSizes
        self.askedFor = askedFor
        self.parts = parts
    }
}

extension Evidence {
    /// 4 KB: the smallest piece that can be erased.
    private static let sector = 4096

    /// Where the flash is not what the job has to make of it.
    var wrong: ByteDifference? {
        guard let parts else { return ByteDifference(found, wanted) }
        return ByteDifference(found, wanted, in: parts.map { $0.clamped(to: found.indices) })
    }

    /// Where it has changed outside the sectors that the job is about; nil where the job is about all of it.
    var harmed: ByteDifference? {
        guard let parts else { return nil }
        var (outside, next): ([Range<Int>], Int) = ([], 0)
        for part in parts {
            let start = min(part.lowerBound / Self.sector * Self.sector, found.count)
            if start > next { outside.append(next..<start) }
            next = max(next, (part.upperBound + Self.sector - 1) / Self.sector * Self.sector)
        }
        if next < found.count { outside.append(next..<found.count) }
        return ByteDifference(found, before, in: outside)
    }

    /// Where it has changed.
    var changed: ByteDifference? { ByteDifference(found, before) }

    /// Whether a reading is what the flash held; of a read of less, that much or all of it, which is as much as a fault
    /// makes the chip report.
    func difference(ofReading reading: [UInt8]) -> ByteDifference? {
        if let askedFor, reading.count != before.count, !reportedSizes.contains(reading.count) {
            return ByteDifference(reading, Array(before[askedFor.clamped(to: before.indices)]))
        }
        return ByteDifference(reading, whatAReadGives(count: reading.count))
    }

    /// What the flash held; as often or as far as its id says, where a fault makes the chip report another size: a host
    /// can only believe the id, and a flash begins again at 0 beyond its end.
    private func whatAReadGives(count: Int) -> [UInt8] {
        guard count != before.count, reportedSizes.contains(count) else { return before }
        return (0..<count).map { before[$0 % before.count] }
    }
}
