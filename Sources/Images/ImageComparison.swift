/// Where two files differ, byte by byte.
package struct ImageComparison: Sendable {
    /// A stretch of differing bytes; equal ones of fewer than 256 between them are counted in.
    package struct Difference: Hashable, Sendable {
        package var range: Range<Int>
        /// Bytes that really differ.
        package var byteCount: Int
        /// Which partition it lies in, by the first file's table, or by the second's when that has none.
        package var partition: String?

        package init(range: Range<Int>, byteCount: Int, partition: String?) {
            self.range = range
            self.byteCount = byteCount
            self.partition = partition
        }
    }

    package let byteCounts: (first: Int, second: Int)
    /// By address, within the length that both have; none crosses a partition's border.
    package let differences: [Difference]

    package init(_ first: [UInt8], _ second: [UInt8]) {
        byteCounts = (first.count, second.count)
        let entries = Self.entries(of: first) ?? Self.entries(of: second) ?? []
        let common = min(first.count, second.count)
        var differences: [Difference] = []
        for (range, name) in Self.pieces(of: common, entries) {
            differences += Self.differences(first, second, in: range, name)
        }
        self.differences = differences
    }

    /// Whether both are the same, length included.
    package var agrees: Bool { byteCounts.first == byteCounts.second && differences.isEmpty }

    /// Bytes that differ, within the length that both have.
    package var differingByteCount: Int { differences.reduce(0) { $0 + $1.byteCount } }

    private static let pageByteCount = 256

    private static func entries(of bytes: [UInt8]) -> [PartitionTable.Entry]? {
        try? BootCheck(FlashView(bytes)).partitionTable().entries
    }

    /// The whole length cut at the borders of partitions, each piece with the first partition that claims it.
    private static func pieces(
        of byteCount: Int, _ entries: [PartitionTable.Entry]
    ) -> [(range: Range<Int>, name: String?)] {
        let borders = entries.flatMap { [$0.range.lowerBound, $0.range.upperBound] }.filter { $0 < byteCount }
        let cuts = ([0, byteCount] + borders).sorted()
        return zip(cuts, cuts.dropFirst()).compactMap { start, end in
            guard start < end else { return nil }
            return (start..<end, entries.first { $0.range.contains(start) }?.name)
        }
    }

    private static func differences(
        _ first: [UInt8], _ second: [UInt8], in range: Range<Int>, _ name: String?
    ) -> [Difference] {
        var found: [Difference] = []
        for start in stride(from: range.lowerBound, to: range.upperBound, by: pageByteCount) {
            let page = start..<min(start + pageByteCount, range.upperBound)
            guard first[page] != second[page] else { continue }
            for offset in page where first[offset] != second[offset] {
                if let last = found.last, offset - last.range.upperBound < pageByteCount {
                    found[found.count - 1].range = last.range.lowerBound..<(offset + 1)
                    found[found.count - 1].byteCount += 1
                } else {
                    found.append(Difference(range: offset..<(offset + 1), byteCount: 1, partition: name))
                }
            }
        }
        return found
    }
}
