import Words

/// What has to be written so that a set of segments ends up in the flash and nothing beside them changes.
///
/// A stub erases whole 4 KB sectors and programs whole 1024-byte blocks; an unaligned address erases nothing
/// (ECR6600 facts §10). So everything is cut at sectors, and what stood in them beside the segments goes back.
struct SectorPlan {
    static let sectorByteCount = 4096
    /// One write command covers no more than this: its erasing must be over before the host has waited 60 s for the
    /// first `C`.
    static let longestRegionByteCount = 1 << 20

    /// In ascending order, none empty, none overlapping.
    let segments: [Segment]
    /// Sector-aligned, ascending, apart from each other, none longer than `longestRegionByteCount`.
    let regions: [Range<Int>]

    /// Why a set of segments cannot go into a flash.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case empty(at: Int)
        /// More bytes than the flash has.
        case tooLarge(byteCount: Int, flashByteCount: Int)
        /// Address and end of a segment that would fit somewhere else.
        case beyond(Range<Int>, flashByteCount: Int)
        case overlap(at: Int)

        var description: String {
            switch self {
            case .empty(let address): "there is nothing to go to \(hex(address)): the image is empty there"
            case .tooLarge(let count, let size):
                "the image is larger than the flash (\(count) bytes, and the flash has \(size))"
            case .beyond(let range, let size):
                "the image goes from \(hex(range.lowerBound)) to \(hex(range.upperBound)), and the flash ends at "
                    + hex(size)
            case .overlap(let address): "two parts of the image overlap at \(hex(address))"
            }
        }
    }

    /// - Throws: `Refusal` of the first segment that is empty, negative, beyond the flash or upon another.
    init(_ segments: [Segment], flashByteCount: Int) throws(Refusal) {
        let sorted = segments.sorted { $0.address < $1.address }
        var regions: [Range<Int>] = []
        var end = 0
        for segment in sorted {
            let range = segment.range
            guard !range.isEmpty else {
                throw .empty(at: range.lowerBound)
            }
            guard range.lowerBound >= 0, range.upperBound <= flashByteCount else {
                guard range.count <= flashByteCount else {
                    throw .tooLarge(byteCount: range.count, flashByteCount: flashByteCount)
                }
                throw .beyond(range, flashByteCount: flashByteCount)
            }
            guard range.lowerBound >= end else { throw .overlap(at: range.lowerBound) }
            end = range.upperBound
            let aligned = Self.sectors(around: range)
            if let last = regions.last, aligned.lowerBound <= last.upperBound {
                regions[regions.count - 1] = last.lowerBound..<max(last.upperBound, aligned.upperBound)
            } else {
                regions.append(aligned)
            }
        }
        self.segments = sorted
        self.regions = regions.flatMap(Self.cut)
    }

    /// The sectors that are not covered wholly, so that their contents must be known; adjacent ones as one range.
    var sectorsToRead: [Range<Int>] {
        var result: [Range<Int>] = []
        for region in regions {
            for start in stride(from: region.lowerBound, to: region.upperBound, by: Self.sectorByteCount) {
                let sector = start..<(start + Self.sectorByteCount)
                let covered = segments.reduce(0) { $0 + $1.range.clamped(to: sector).count }
                guard covered < sector.count else { continue }
                if result.last?.upperBound == start {
                    result[result.count - 1] = result[result.count - 1].lowerBound..<sector.upperBound
                } else {
                    result.append(sector)
                }
            }
        }
        return result
    }

    /// The bytes of a region: the segments in it, over what `existing` says of the rest.
    /// - Parameter existing: ranges of the flash as they were read; together with the segments they cover the region.
    func image(of region: Range<Int>, over existing: [Segment]) -> [UInt8] {
        var image = [UInt8](repeating: 0xFF, count: region.count)
        for part in existing + segments {
            let common = part.range.clamped(to: region)
            guard !common.isEmpty else { continue }
            let bytes = part.bytes[(common.lowerBound - part.address)..<(common.upperBound - part.address)]
            image.replaceSubrange(
                (common.lowerBound - region.lowerBound)..<(common.upperBound - region.lowerBound), with: bytes)
        }
        return image
    }

    private static func sectors(around range: Range<Int>) -> Range<Int> {
        let start = range.lowerBound / sectorByteCount * sectorByteCount
        let end = (range.upperBound + sectorByteCount - 1) / sectorByteCount * sectorByteCount
        return start..<end
    }

    private static func cut(_ region: Range<Int>) -> [Range<Int>] {
        stride(from: region.lowerBound, to: region.upperBound, by: longestRegionByteCount).map { start in
            start..<min(start + longestRegionByteCount, region.upperBound)
        }
    }
}
