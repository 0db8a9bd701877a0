import Words

/// What a write would make of a boot, as far as the pieces to be written say it alone: nothing is known of the flash yet.
///
/// It looks at what a plug cannot boot without, the partition table and uboot, and at the application where the pieces
/// hold all three. What stays beside the pieces is taken for erased.
package struct PlannedWrite: Sendable {
    /// Bytes and where they go.
    package struct Piece: Sendable {
        package var address: Int
        package var bytes: [UInt8]

        package init(at address: Int, _ bytes: [UInt8]) {
            self.address = address
            self.bytes = bytes
        }

        package var range: Range<Int> { address..<(address + bytes.count) }
    }

    /// Why the plug would probably not boot afterwards.
    package enum Hazard: Error, Hashable, Sendable {
        /// The table or uboot is overwritten, and not from its beginning to its end.
        case part(of: String, at: Range<Int>)
        case obstacle(BootObstacle)
    }

    private let pieces: [Piece]

    package init(_ pieces: [Piece]) {
        self.pieces = pieces
    }

    /// Nil where neither table nor uboot is touched, and where what is written over them boots.
    package var hazard: Hazard? {
        do throws(Hazard) {
            try look()
            return nil
        } catch {
            return error
        }
    }

    /// As much as the largest flash has (ECR6600 facts §5): no header that is right points beyond it.
    private static let flashByteCount = 16 << 20
    /// Where uboot ends at the least, by every table seen (§6).
    private static let leastUBootEnd = 0x7000

    private func look() throws(Hazard) {
        let check = BootCheck(view)
        var table: PartitionTable?
        if let touched = touched(0..<PartitionTable.byteCount) {
            guard covers(0..<PartitionTable.byteCount) else {
                throw .part(of: "the partition table (0x0 to 0x1000)", at: touched)
            }
            do { table = try check.partitionTable() } catch { throw .obstacle(error) }
        }
        let start = PartitionTable.ubootAddress
        let end = max(start + UBootHeader.byteCount, table?["uboot"]?.range.upperBound ?? Self.leastUBootEnd)
        if let touched = touched(start..<end) {
            guard covers(start..<(start + UBootHeader.byteCount)) else {
                throw .part(of: "uboot (\(hex(start)) to \(hex(end)))", at: touched)
            }
            do { _ = try check.uboot() } catch { throw .obstacle(error) }
        }
        // An image without an application leaves the one that is there.
        guard let table, let application = table[BootCheck.applicationPartition]?.range.lowerBound,
            covers(application..<(application + ApplicationHeader.byteCount))
        else { return }
        do { _ = try check.application(table) } catch { throw .obstacle(error) }
    }

    /// The flash as it would be.
    private var view: FlashView {
        FlashView(byteCount: Self.flashByteCount) { [pieces] range in
            var bytes = [UInt8](repeating: 0xFF, count: range.count)
            for piece in pieces {
                let common = piece.range.clamped(to: range)
                guard !common.isEmpty else { continue }
                bytes.replaceSubrange(
                    (common.lowerBound - range.lowerBound)..<(common.upperBound - range.lowerBound),
                    with: piece.bytes[(common.lowerBound - piece.address)..<(common.upperBound - piece.address)])
            }
            return bytes
        }
    }

    /// The first stretch of a range that is written.
    private func touched(_ range: Range<Int>) -> Range<Int>? {
        pieces.map { $0.range.clamped(to: range) }.filter { !$0.isEmpty }.min { $0.lowerBound < $1.lowerBound }
    }

    /// Whether all of a range is written.
    private func covers(_ range: Range<Int>) -> Bool {
        var end = range.lowerBound
        for piece in pieces.sorted(by: { $0.address < $1.address }) where piece.address <= end {
            end = max(end, piece.range.upperBound)
        }
        return end >= range.upperBound
    }
}

extension PlannedWrite.Hazard: CustomStringConvertible {
    package var description: String {
        switch self {
        case .part(let what, let range):
            "it overwrites \(hex(range.lowerBound)) to \(hex(range.upperBound)) of \(what) and leaves the rest"
        case .obstacle(let obstacle): "\(obstacle)"
        }
    }
}
