package import Line
import Wire
import Words

/// Bytes that meant nothing to the host: how many, how they were spread, what they looked like.
package struct ByteTally: Hashable, Sendable {
    /// How it sounds on the line.
    package enum Sound: String, Hashable, Sendable, CaseIterable {
        case nothing
        /// One to three bytes in the place of an answer, as the user of ECR6600 facts §11.3 saw them.
        case fewBytes = "few bytes"
        /// The host's own sync words.
        case echo
        /// What a loader prints for a flash that it cannot use (§2, §4).
        case flashComplaint = "flash complaint"
        case text
        case garbage
    }

    /// An answer is longer than this, or is one byte that the host knows.
    private static let mostStrayBytes = 3
    /// So many in all are still a few, if they came one to three at a time.
    private static let keptByteCount = 32
    /// A text is known by so much of it; in a back-up nearly all bytes come by here.
    private static let examinedByteCount = 16 << 10

    /// In all.
    package private(set) var count = 0
    /// The first 32 at most.
    package private(set) var first: [UInt8] = []
    /// Printable ASCII, line feeds, carriage returns and tabs, of the first 16 KB or somewhat more.
    private(set) var printableCount = 0
    /// Among how many.
    private var examinedCount = 0
    /// Most of them between two things that the host said.
    package private(set) var longestRun = 0
    /// On the line's clock; nil when there was none.
    package private(set) var firstHeardAt: Instant?
    package private(set) var lastHeardAt: Instant?
    /// Since the host last said something.
    private(set) var run = 0

    package init() {}

    mutating func add(_ bytes: Span<UInt8>, at now: Instant) {
        guard !bytes.isEmpty else { return }
        firstHeardAt = firstHeardAt ?? now
        lastHeardAt = now
        count += bytes.count
        run += bytes.count
        longestRun = max(longestRun, run)
        bytes.withUnsafeBufferPointer { bytes in
            first.append(contentsOf: bytes.prefix(Self.keptByteCount - first.count))
            guard examinedCount < Self.examinedByteCount else { return }
            examinedCount += bytes.count
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(255)
                printableCount += Self.printableCount(UnsafeBufferPointer(rebasing: piece))
                rest = rest[piece.endIndex...]
            }
        }
    }

    /// Without a branch and in one byte, so that sixteen go at once. - Parameter bytes: no more than 255.
    private static func printableCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count: UInt8 = 0
        for byte in bytes {
            let isText: UInt8 = byte &- 0x20 < 0x5F ? 1 : 0
            let isTab: UInt8 = byte == 0x09 ? 1 : 0
            let isLineFeed: UInt8 = byte == 0x0A ? 1 : 0
            let isReturn: UInt8 = byte == 0x0D ? 1 : 0
            count &+= isText | isTab | isLineFeed | isReturn
        }
        return Int(count)
    }

    /// The host says something: what comes from now on would be an answer to that.
    mutating func beginRun() { run = 0 }

    package var sound: Sound {
        if count == 0 { return .nothing }
        if count <= Self.mostStrayBytes { return .fewBytes }
        if longestRun <= Self.mostStrayBytes, count <= Self.keptByteCount { return .fewBytes }
        if contains(BootProtocol.syncWord) { return .echo }
        if contains(Array("flash!".utf8)) { return .flashComplaint }
        // A character or two of a text may be spoiled, at its beginning above all.
        return printableCount * 10 >= examinedCount * 9 ? .text : .garbage
    }

    private func contains(_ word: [UInt8]) -> Bool {
        first.indices.contains { first[$0...].starts(with: word) }
    }
}
