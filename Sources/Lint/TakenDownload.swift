import Wire

/// How far a download by 01 or 02 has come in a stub that takes all its frames (ECR6600 facts §4.3).
struct TakenDownload: Sendable {
    let command: StubCommand
    /// Where its first byte goes.
    let address: UInt64
    /// Bytes that the stub still waits for; below 0 when a frame was longer than what was left: it then waits for ever.
    private(set) var missing: Int64
    /// Bytes after the address where the next new data go.
    private var place: UInt64 = 0
    private var lastCount: UInt64 = 0

    /// One whose start the host has sent; nil for any other request.
    init?(_ request: StubRequestSummary) {
        guard request.command == .flashDownload || request.command == .ramDownload,
            case .range(let address, let length) = request.body
        else { return nil }
        command = request.command
        self.address = UInt64(address)
        missing = Int64(length)
    }

    /// Whether the announced length has come: the stub reads commands again.
    var isOver: Bool { missing == 0 }

    /// Takes the next data frame. - Returns: where its data go.
    mutating func take(_ frame: DataFrame) -> Range<UInt64> {
        let (count, back) = (UInt64(frame.count), frame.flag == 1 ? min(lastCount, place) : 0)
        let start = address + place - back
        place = place - back + count
        // In 01 only the place goes back, not the count.
        missing += (command == .flashDownload ? Int64(back) : 0) - Int64(count)
        lastCount = count
        return start..<(start + count)
    }
}
