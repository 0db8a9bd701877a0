import Bench
import Line
import Story
import Wire
import Words

/// What a recorded session does to the flash, as far as the host's requests and the stub's answers tell.
struct FlashChanges {
    private var reads = FlashReads()
    private var request: StubRequestSummary?
    /// How much of the request's range has been sent.
    private var done: UInt64 = 0

    /// A chip that loses its power has forgotten what it was asked.
    mutating func restart() {
        request = nil
        done = 0
    }

    /// - Returns: what an event says of the flash; nil for nothing.
    mutating func note(_ event: SessionEvent) -> ControlEvent? {
        if let access = reads.note(event) { return operation(access.kind.rawValue, access.range, event) }
        switch event.kind {
        case .request(let new):
            if case .data(let count, _) = new.body, request?.command == .flashDownload {
                return programmed(UInt64(count), event)
            }
            (request, done) = (new, 0)
        case .xmodemBlock(let block) where event.direction == .hostToChip && block.isIntact && !block.isRepeated:
            guard request?.command == .xmodemWrite else { return nil }
            return programmed(UInt64(block.dataByteCount), event)
        case .answer(let answer) where answer.status == .success && request?.sumIsRight == true:
            if answer.command == .erase { return request?.range.flatMap { operation("erase", $0, event) } }
        default: break
        }
        return nil
    }

    private mutating func programmed(_ count: UInt64, _ event: SessionEvent) -> ControlEvent? {
        guard let range = request?.range, done < UInt64(range.count) else { return nil }
        let start = range.lowerBound + done
        done += count
        return operation("program", start..<min(start + count, range.upperBound), event)
    }

    private func operation(_ kind: String, _ range: Range<UInt64>, _ event: SessionEvent) -> ControlEvent? {
        guard !range.isEmpty else { return nil }
        var told = ControlEvent(
            .flash, at: Instant(nanoseconds: event.end), "\(kind) \(hex(range.lowerBound)) +\(range.count)",
            [
                .init(
                    "operations",
                    .array([
                        .object([
                            .init("kind", .string(kind)), .init("address", .integer(Int64(clamping: range.lowerBound))),
                            .init("length", .integer(Int64(clamping: range.count))),
                        ])
                    ]))
            ])
        told.stream = .flash
        return told
    }
}
