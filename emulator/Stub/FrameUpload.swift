import Wire

/// 03: frames of up to 64 KB, one after the other, without waiting for the host (ECR6600 facts §4.3).
struct FrameUpload {
    private static let largestChunk = 0x10000

    private var position = 0
    private var end = 0
    /// The flash in the frame that was sent last.
    private(set) var chunk: [UInt8] = []

    /// Gets ready to send a range; an empty one makes one empty frame.
    mutating func begin(address: Int, length: Int) {
        position = address
        end = address + length
    }

    /// Sends the next frame. - Returns: whether it was the last.
    mutating func sendFrame(_ processor: inout Processor, _ record: inout AcknowledgementRecord) -> Bool {
        chunk.removeAll(keepingCapacity: true)
        processor.flash.read(min(Self.largestChunk, end - position), at: position, into: &chunk)
        processor.delay(processor.timing.answerLatency)
        processor.send(record.data(.flashUpload, chunk))
        position += chunk.count
        // The next frame follows as soon as the transmitter takes it.
        processor.timer = position < end ? processor.now : nil
        return position == end
    }
}
