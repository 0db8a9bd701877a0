import Wire

/// The buffer through which everything passes: each frame from the host lies in it from its first byte, and 03 builds its
/// answers in the same place (ECR6600 facts §4.1). A command reads its parameters here whatever the frame's length was:
/// what is missing is the frame's own sum, and then what earlier frames left. Zeros at the start.
///
/// That nothing else passes through it (answers of 08, 09, 90 and 99, XMODEM's blocks) is an assumption, and so is that 01
/// leaves it alone when it writes to the place in RAM where it lies.
struct TransferBuffer {
    /// No command reads further: the text of 0C has 17 bytes.
    private static let readByteCount = StubRequest.headByteCount + 17

    private var bytes = [UInt8](repeating: 0, count: readByteCount)

    /// A frame's bytes take their place. - Parameter offset: in the frame.
    mutating func place(_ frame: Span<UInt8>, at offset: Int = 0) {
        for index in 0..<min(frame.count, max(0, bytes.count - offset)) { bytes[offset + index] = frame[index] }
    }

    /// The bytes where a body stands. - Parameter count: at most 17.
    func body(_ count: Int) -> ArraySlice<UInt8> {
        bytes[StubRequest.headByteCount..<(StubRequest.headByteCount + count)]
    }

    /// The integer at an offset in the body.
    func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
        bytes.span.littleEndian(type, at: StubRequest.headByteCount + offset)
    }

    /// The body's first 32 bits: an address, or a baud rate.
    var firstWord: UInt32 { integer(at: 0) }
    /// The body's second 32 bits: a length.
    var secondWord: UInt32 { integer(at: 4) }
}
