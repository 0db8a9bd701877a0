import Images
import Words

/// Where a flash differs from what was expected of it.
package struct FlashDifference: Hashable, Sendable {
    /// The first address that differs.
    package var first: Int
    /// How many bytes differ, in all that was compared.
    package var byteCount: Int
    /// The partition that the first one lies in, by the table in the flash; nil where that says nothing.
    package var partition: String?
}

extension Flasher {
    /// A comparison has failed: what is really there is read, and the table that names the partitions. Goes on with the
    /// rest of the comparison afterwards, so that all differences are counted.
    mutating func lookInto(_ transfer: Transfer) {
        guard case .verify(let segments) = job, let segment = segments.first(where: { $0.range == transfer.range })
        else { return }
        var reads: [Errand] = []
        let table = 0..<PartitionTable.byteCount
        if !existing.contains(where: { $0.range == table }), let size = info?.flashByteCount, size >= table.count {
            reads.append(.transfer(Transfer(work: .readAround, range: table)))
        }
        reads.append(.transfer(Transfer(work: .readDifferent(expected: segment.bytes), range: transfer.range)))
        queue.insert(contentsOf: reads, at: 0)
    }

    /// Counts what differs between what was read and what was expected there.
    mutating func note(_ transfer: Transfer, _ expected: [UInt8]) {
        let start = transfer.range.lowerBound
        var first: Int?
        var count = 0
        for (offset, (found, wanted)) in zip(transfer.bytes, expected).enumerated() where found != wanted {
            first = first ?? start + offset
            count += 1
        }
        guard let first else { return }
        guard difference == nil else {
            difference!.byteCount += count
            return
        }
        let sector = existing.first { $0.range == 0..<PartitionTable.byteCount }?.bytes ?? []
        let table = try? PartitionTable(parsing: sector.span)
        let partition = table?.entries.first { $0.range.contains(first) }?.name
        difference = FlashDifference(first: first, byteCount: count, partition: partition)
    }

    /// What a comparison has come to; nil where nothing differs.
    func judgement() -> Fault? {
        guard let difference else { return nil }
        let place = difference.partition.map { ", in partition \(printable($0))" } ?? ""
        let count = "\(difference.byteCount) byte\(difference.byteCount == 1 ? "" : "s")"
        return Fault(
            what: "the flash differs from the image in \(count), the first at \(hex(difference.first))\(place).",
            remedy: "Nothing was written.", kind: .job)
    }
}
