/// What a receiver makes of characters that were sent at another rate than its own.
///
/// A simple rule, each character for itself: a UART finds the start edge and samples the middle of each bit by its own
/// clock. Up to half a bit at the stop bit (9.5 bits after the edge: one part in nineteen) nothing is lost. Beyond that
/// the samples fall into the wrong bits; a receiver much slower than the sender sees several characters as one.
/// Framing errors, breaks and what follows from one character to the next are not modelled here.
package enum Sampling {
    /// Whether characters sent at one rate arrive whole at the other.
    package static func isClean(sent: BitRate, received: BitRate) -> Bool {
        abs(sent.millibaud - received.millibaud) * 19 < received.millibaud
    }

    /// Turns what was sent into what arrives, in place; the result may be shorter.
    /// - Returns: how many characters were sent that did not arrive as they were.
    package static func distort(_ characters: inout [UInt8], sent: BitRate, received: BitRate) -> Int {
        guard !isClean(sent: sent, received: received), !characters.isEmpty else { return 0 }
        let count = characters.count
        // A receiver that is busy with one character misses the start edges of those behind it.
        let stride = max(1, Int((sent.millibaud + received.millibaud - 1) / received.millibaud))
        var kept = 0
        for index in Swift.stride(from: 0, to: count, by: stride) {
            characters[kept] = sample(characters[index], sent: sent, received: received)
            kept += 1
        }
        characters.removeLast(count - kept)
        return count
    }

    /// One character, sampled at (n + 1.5) bits of the receiver after the start edge.
    private static func sample(_ character: UInt8, sent: BitRate, received: BitRate) -> UInt8 {
        // Start bit 0, eight data bits, then the idle line.
        let wire = UInt64(character) << 1 | ~UInt64(0x1FF)
        var sampled: UInt8 = 0
        for bit in 0..<8 {
            let position = (2 * Int64(bit) + 3) * sent.millibaud / (2 * received.millibaud)
            let level = position < 64 ? UInt8(truncatingIfNeeded: wire >> UInt64(position)) & 1 : 1
            sampled |= level << UInt8(bit)
        }
        return sampled
    }
}
