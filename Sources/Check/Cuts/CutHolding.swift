import Emulator
import Words

/// What a cut has left in the flash where the job is at work.
package struct CutHolding: Hashable, Sendable {
    package enum Contents: String, Hashable, Sendable, CaseIterable {
        /// What was there before the job.
        case old
        /// What the job puts there.
        case new
        case neither
    }

    /// Neighbours of the same contents as one, from small to large addresses.
    package private(set) var stretches: [Stretch] = []

    package struct Stretch: Hashable, Sendable {
        package var range: Range<Int>
        package var contents: Contents
    }

    /// - Parameter parts: where the job is at work, each looked at sector by sector.
    package init(_ found: [UInt8], before: [UInt8], wanted: [UInt8], parts: [Range<Int>]) {
        let size = NORFlash.sectorByteCount
        for part in parts {
            let part = part.clamped(to: found.indices)
            var start = part.lowerBound
            while start < part.upperBound {
                let range = start..<min((start / size + 1) * size, part.upperBound)
                let contents: Contents =
                    found[range] == wanted[range] ? .new : found[range] == before[range] ? .old : .neither
                add(Stretch(range: range, contents: contents))
                start = range.upperBound
            }
        }
    }

    private mutating func add(_ stretch: Stretch) {
        if let last = stretches.last, last.contents == stretch.contents,
            last.range.upperBound == stretch.range.lowerBound
        {
            stretches[stretches.count - 1].range = last.range.lowerBound..<stretch.range.upperBound
        } else {
            stretches.append(stretch)
        }
    }

    /// Of all of it; nil where the job changes nothing. A part of each is neither.
    package var contents: Contents? {
        guard let first = stretches.first else { return nil }
        return stretches.allSatisfy { $0.contents == first.contents } ? first.contents : .neither
    }

    /// In words: `new to 0x9FFF, neither to 0xAFFF, old to 0xDFFF`.
    package var words: String {
        stretches.map { "\($0.contents.rawValue) \(hex($0.range.lowerBound)) to \(hex($0.range.upperBound - 1))" }
            .joined(separator: ", ")
    }
}
