import Wire

/// 03: frames of up to 64 KB, one after the other, without waiting for the host (ECR6600 facts §4.3).
struct FrameUpload {
    private static let largestChunk = 0x10000

    private var position = 0
    private var end = 0

    /// Gets ready to send a range; an empty one makes one empty frame.
    mutating func begin(address: UInt32, length: UInt32) {
        position = Int(address)
        end = position + Int(length)
    }

    /// Sends the next frame. - Returns: the frame, and whether it was the last.
    mutating func sendFrame(
        _ processor: inout Processor, _ record: inout AcknowledgementRecord
    ) -> (frame: [UInt8], isLast: Bool) {
        var chunk: [UInt8] = []
        processor.flash.read(min(Self.largestChunk, end - position), at: position, into: &chunk)
        position += chunk.count
        let frame = record.data(.flashUpload, chunk)
        processor.reply(frame)
        // The next frame follows as soon as the transmitter takes it.
        processor.timer = position < end ? processor.now : nil
        return (frame, position == end)
    }
}
