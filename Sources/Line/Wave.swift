/// The characters on a wire that a receiver has not sampled to their end.
struct Wave {
    static let perNanosecond: Int64 = 64_000

    struct Character {
        /// Bit `b` begins at `start + b * bit`.
        var start: Int64
        var bit: Int64
        /// From the lowest: the idle line, the start bit, eight data bits, and ones for the stop bit and what follows.
        var levels: UInt32

        init(_ byte: UInt8, start: Int64, bit: Int64) {
            self.start = start
            self.bit = bit
            levels = UInt32(byte) << 2 | ~0x3FE
        }

        /// Its first falling edge after `time`.
        func fall(after time: Int64) -> Int64? {
            let falls = levels & ~(levels >> 1) & 0x1FF
            let first = time < start ? 0 : (time - start) / bit + 1
            guard first < 10 else { return nil }
            let left = falls >> UInt32(truncatingIfNeeded: first)
            return left == 0 ? nil : start + (first + Int64(left.trailingZeroBitCount)) * bit
        }
    }

    private(set) var characters = Queue<Character>()
    /// When the wire is free.
    private(set) var end: Int64 = .min / 2

    var isEmpty: Bool { characters.isEmpty }

    static func bit(of rate: BitRate) -> Int64 { rate.characterPicoseconds * 64 / 10 }

    mutating func append(_ bytes: Span<UInt8>, from start: Int64, timing: RunTiming) {
        let bit = Self.bit(of: timing.rate)
        let pitch = Self.pitch(timing)
        end = characters.append { characters in
            var position = start
            for index in bytes.indices {
                characters.append(Character(bytes[index], start: position, bit: bit))
                position += pitch
            }
            return position
        }
    }

    /// Lets `count` characters pass that need no look. - Returns: when the wire is free; nil, and nothing is done,
    /// where that is beyond 64 bits of time.
    mutating func skip(_ count: Int, from start: Int64, timing: RunTiming) -> Int64? {
        let (length, overflow) = Int64(count).multipliedReportingOverflow(by: Self.pitch(timing))
        guard !overflow, length < .max / 2, start < .max / 2 else { return nil }
        end = start + length
        return end
    }

    mutating func shift(by time: Int64) {
        for index in 0..<characters.count { characters[index].start -= time }
        end = max(end - time, .min / 2)
    }

    /// From start to start: never less than ten bits, however the run was squeezed.
    private static func pitch(_ timing: RunTiming) -> Int64 {
        max(timing.spacing, timing.rate.characterPicoseconds) * 64
    }

    /// Drops the first characters.
    mutating func drop(_ count: Int) { characters.drop(count) }
}

/// A look at the wire that only goes forward: additions and comparisons, no division for a sample.
struct Cursor {
    private var index: Int
    /// The bit it is in: 0 before the character, 1 for its start bit, 11 after it.
    private var bit: UInt32 = 0
    /// When that bit ends.
    private var until: Int64

    init(_ wire: Span<Wave.Character>, at index: Int) {
        self.index = index
        until = wire[index].start
    }

    /// The level at a time that is not before the last: 1 or 0.
    mutating func level(_ wire: Span<Wave.Character>, at time: Int64) -> UInt32 {
        while index + 1 < wire.count, wire[index + 1].start <= time { self = Cursor(wire, at: index + 1) }
        let character = wire[index]
        while time >= until, bit < 11 {
            bit &+= 1
            until &+= character.bit
        }
        return character.levels &>> bit & 1
    }
}

/// The wire as a receiver looks at it.
extension Span<Wave.Character> {
    /// The first falling edge after `time`.
    func fall(after time: Int64, _ index: inout Int) -> Int64? {
        while index < count {
            if let edge = self[index].fall(after: time) { return edge }
            index += 1
        }
        return nil
    }

    /// The first character, from `index` on, that does not end by `time`.
    func place(after time: Int64, from index: Int) -> Int {
        var index = index
        while index < count, self[index].start + 10 * self[index].bit <= time { index += 1 }
        return index
    }
}
