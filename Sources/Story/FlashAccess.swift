import Line
package import Wire

/// What a session reads of the flash, as far as it has come: pieces that have crossed, and ranges whose SHA-256 was told.
package struct FlashAccess: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case read
        case verify
    }

    package var kind: Kind
    package var range: Range<UInt64>
}

/// Follows a session's reads.
package struct FlashReads: Sendable {
    private var request: StubRequestSummary?
    /// How much of the request's range has come.
    private var done: UInt64 = 0

    package init() {}

    /// - Returns: what an event reads of the flash; nil for nothing.
    package mutating func note(_ event: SessionEvent) -> FlashAccess? {
        switch event.kind {
        case .request(let request):
            (self.request, done) = (request, 0)
        case .uploadFrame(let count, let done, _, let sum) where sum != .wrong:
            return read(UInt64(clamping: count), upTo: UInt64(clamping: done))
        case .xmodemBlock(let block) where event.direction == .chipToHost && block.isIntact && !block.isRepeated:
            // What a compressed block holds is not known before the stream is inflated.
            guard request?.command == .xmodemRead else { return nil }
            return read(UInt64(clamping: block.dataByteCount), upTo: done + UInt64(clamping: block.dataByteCount))
        case .xmodemEOT where event.direction == .chipToHost && request?.command == .xmodemReadCompressed:
            return request?.range.map { FlashAccess(kind: .read, range: $0) }
        case .answer(let answer) where answer.command == .sha256 && answer.status == .success:
            return request?.range.map { FlashAccess(kind: .verify, range: $0) }
        default: break
        }
        return nil
    }

    private mutating func read(_ count: UInt64, upTo end: UInt64) -> FlashAccess? {
        done = end
        guard let whole = request?.range else { return nil }
        let (last, isTooFar) = whole.lowerBound.addingReportingOverflow(end)
        guard !isTooFar, count <= last else { return nil }
        let piece = (last - count)..<last
        return FlashAccess(kind: .read, range: piece.clamped(to: whole))
    }
}
