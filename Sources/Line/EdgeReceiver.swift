/// A character as `EdgeReceiver` found it on a wire. Times are picoseconds.
package struct ReceivedCharacter: Hashable, Sendable {
    package var byte: UInt8
    /// When its start bit began.
    package var start: Int64
    /// When its first stop bit is over.
    package var end: Int64
    /// Its stop bit was low; with a 0, that is a break.
    package var hasFramingError = false
    package var hasParityError = false

    package init(
        _ byte: UInt8, start: Int64, end: Int64, hasFramingError: Bool = false, hasParityError: Bool = false
    ) {
        self.byte = byte
        self.start = start
        self.end = end
        self.hasFramingError = hasFramingError
        self.hasParityError = hasParityError
    }
}

/// Characters of a wire of which the edges are known exactly, as a logic analyser has them: each bit is sampled in its
/// middle, counted from the character's start edge.
///
/// (`UARTReceiver` is the chip's or the adapter's own, which polls on a clock of its own and knows characters, not edges.)
package struct EdgeReceiver: Sendable {
    /// Start edges that were gone in the middle of the start bit: glitches.
    package private(set) var falseStartCount = 0

    /// Picoseconds, times two so that halves of a bit are whole.
    private let doubleBit: Int64
    private let format: FrameFormat
    private let dataBitCount: Int
    /// Sampled from bit 0, the start bit, to the first stop bit.
    private let sampledBitCount: Int
    private var isHigh: Bool
    private var state: State
    private var bits: UInt32 = 0
    private var start: Int64 = 0
    private var sampled = 0

    private enum State {
        /// A falling edge begins a character.
        case idle
        case inCharacter
        /// After a low stop bit: the line must be high once before another character begins.
        case low
    }

    /// - Parameter isHigh: the wire's level before the first call; where it is low, nothing begins before it was high.
    package init(_ rate: BitRate, _ format: FrameFormat = .eightNone1, isHigh: Bool = true) {
        self.isHigh = isHigh
        state = isHigh ? .idle : .low
        doubleBit = max(2, 2 * rate.characterPicoseconds / 10)
        self.format = format
        dataBitCount = Int(min(8, max(5, format.dataBits)))
        sampledBitCount = 1 + dataBitCount + (format.parity == .none ? 0 : 1) + 1
    }

    /// The wire has this level from `time` on.
    /// - Parameter time: picoseconds, up to 4 × 10¹⁸, not before the last.
    /// - Returns: the character that was complete by then, if one was.
    package mutating func level(isHigh level: Bool, at time: Int64) -> ReceivedCharacter? {
        let character = advance(to: time)
        guard level != isHigh else { return character }
        isHigh = level
        switch state {
        case .idle where !level:
            (state, start, sampled, bits) = (.inCharacter, time, 0, 0)
        case .low where level:
            state = .idle
        default: break
        }
        return character
    }

    /// Nothing happened on the wire up to `time`. - Returns: the character that was complete by then, if one was.
    package mutating func advance(to time: Int64) -> ReceivedCharacter? {
        while state == .inCharacter {
            // The middle of the next bit.
            let middle = start + (Int64(2 * sampled + 1) * doubleBit) / 4
            guard middle < time else { return nil }
            if sampled == 0, isHigh {
                falseStartCount += 1
                state = .idle
                return nil
            }
            if isHigh { bits |= 1 << UInt32(sampled) }
            sampled += 1
            if sampled == sampledBitCount { return finish() }
        }
        return nil
    }

    private mutating func finish() -> ReceivedCharacter {
        state = isHigh ? .idle : .low
        let data = UInt8(truncatingIfNeeded: (bits >> 1) & (1 << UInt32(dataBitCount) - 1))
        var character = ReceivedCharacter(
            data, start: start, end: start + Int64(sampledBitCount) * doubleBit / 2, hasFramingError: !isHigh)
        if let parity = format.parityBit(of: data) {
            character.hasParityError = parity != (bits >> UInt32(1 + dataBitCount) & 1 == 1)
        }
        return character
    }
}
