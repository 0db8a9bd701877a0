import Line
import Testing

@Suite struct EdgeReceiverTests {
    /// Levels of a bit each from `start` on, given to a receiver; what it makes of them, the line idle afterwards.
    private func received(
        _ bits: String, by receiver: inout EdgeReceiver, bit: Int64 = 1_000_000, from start: Int64 = 0
    ) -> [ReceivedCharacter] {
        var characters: [ReceivedCharacter] = []
        for (index, level) in bits.enumerated() where level != " " {
            let time = start + Int64(bits.prefix(index).filter { $0 != " " }.count) * bit
            if let character = receiver.level(isHigh: level == "1", at: time) { characters.append(character) }
        }
        let end = start + Int64(bits.filter { $0 != " " }.count) * bit
        if let character = receiver.level(isHigh: true, at: end) { characters.append(character) }
        if let character = receiver.advance(to: end + 20 * bit) { characters.append(character) }
        return characters
    }

    /// The lowest bit goes first: 0x63 is 1100 0110.
    @Test func characters() {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000))
        let us: Int64 = 1_000_000
        #expect(
            received("11 0 11000110 1 0 01110110 1 111 0 00000000 1 0 11111111 1", by: &receiver) == [
                ReceivedCharacter(0x63, start: 2 * us, end: 12 * us),
                ReceivedCharacter(0x6E, start: 12 * us, end: 22 * us),
                ReceivedCharacter(0x00, start: 25 * us, end: 35 * us),
                ReceivedCharacter(0xFF, start: 35 * us, end: 45 * us),
            ])
        #expect(receiver.falseStartCount == 0)
    }

    /// Less than 5 % off, every bit is sampled in itself; the start edge of each character counts anew.
    @Test(arguments: [955_000, 1_000_000, 1_045_000] as [Int64])
    func rates(bit: Int64) {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000))
        let bits = String(repeating: "0 10101010 1 0 11110000 1 0 00000001 1", count: 20)
        let bytes = received(bits, by: &receiver, bit: bit).map(\.byte)
        #expect(bytes == Array(repeating: [0x55, 0x0F, 0x80], count: 20).flatMap(\.self))
    }

    @Test(
        arguments: [
            ("7E1", "0 1000001 0 1", 0x41, false), ("7E1", "0 1000001 1 1", 0x41, true),
            ("7O1", "0 1000001 1 1", 0x41, false), ("7O1", "0 1000001 0 1", 0x41, true),
            ("8M1", "0 10000010 1 1", 0x41, false), ("8M1", "0 10000010 0 1", 0x41, true),
            ("8S2", "0 10000010 0 1 1", 0x41, false), ("5N1", "0 10001 1", 0x11, false),
        ] as [(String, String, UInt8, Bool)])
    func formats(format: String, bits: String, byte: UInt8, isWrong: Bool) throws {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000), try #require(FrameFormat(format)))
        let characters = received(bits, by: &receiver)
        #expect(characters.map(\.byte) == [byte])
        #expect(characters.map(\.hasParityError) == [isWrong])
        #expect(characters.map(\.hasFramingError) == [false])
    }

    /// A low stop bit is an error; then the line must be high before another character begins.
    @Test func framing() {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000))
        let characters = received("0 11000110 0 000 1 0 10101010 1", by: &receiver)
        #expect(characters.map(\.byte) == [0x63, 0x55])
        #expect(characters.map(\.hasFramingError) == [true, false])
        var breaking = EdgeReceiver(BitRate(baud: 1_000_000))
        let after = received("0000000000000000000000000 1 0 10101010 1", by: &breaking)
        #expect(after.map(\.byte) == [0, 0x55] && after[0].hasFramingError)
    }

    @Test func glitches() {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000))
        #expect(receiver.level(isHigh: false, at: 0) == nil)
        #expect(receiver.level(isHigh: true, at: 400_000) == nil)
        #expect(received("0 11000110 1", by: &receiver, from: 600_000).map(\.byte) == [0x63])
        #expect(receiver.falseStartCount == 1)
    }

    @Test func aLineThatIsLowAtFirst() {
        var receiver = EdgeReceiver(BitRate(baud: 1_000_000), isHigh: false)
        #expect(receiver.advance(to: 30_000_000) == nil)
        #expect(receiver.level(isHigh: true, at: 40_000_000) == nil)
        #expect(received("0 11000110 1", by: &receiver, from: 50_000_000).map(\.byte) == [0x63])
    }

    // MARK: guesses

    /// Pulses of one to nine bits, as an analyser that samples every `step` rounds them.
    private func pulses(bit: Double, step: Double) -> [Int64] {
        var pulses: [Int64] = []
        var time = 0.0
        for round in 0..<400 {
            let next = time + bit * [1, 1, 2, 3, 1, 9, 4, 200][round % 8]
            pulses.append(Int64(((next / step).rounded() - (time / step).rounded()) * step))
            time = next
        }
        return pulses
    }

    @Test(arguments: [300, 4800, 9600, 57_600, 115_200, 460_800, 921_600, 1_000_000, 2_000_000, 43_210])
    func guesses(baud: Int) {
        let bit = 1e12 / Double(baud)
        for samplesInBit in [5.3, 10.85, 100] {
            let guess = BaudGuess.rate(ofPulses: pulses(bit: bit, step: bit / samplesInBit)) ?? 0
            #expect(baud == 43_210 ? abs(guess - baud) < 300 : guess == baud, "\(samplesInBit) samples: \(guess)")
        }
    }

    /// One glitch in a thousand pulses is no bit; nothing and hostile times are no trap.
    @Test func oddPulses() {
        var all = pulses(bit: 104_166_666, step: 1000)
        all.insert(3_000_000, at: 77)
        #expect(BaudGuess.rate(ofPulses: all) == 9600)
        #expect(BaudGuess.rate(ofPulses: []) == nil)
        #expect(BaudGuess.rate(ofPulses: [0, -5]) == nil)
        #expect(BaudGuess.rate(ofPulses: [1, .max, .max - 1]) != nil)
        #expect(BaudGuess.rate(ofPulses: [4_000_000_000_000_000_000]) == nil)
    }

    @Test(arguments: ["8N1", "7E2", "5O1.5", "6M1", "8S1"])
    func writtenFormats(text: String) {
        #expect(FrameFormat(text)?.description == text)
        #expect(FrameFormat(text.lowercased())?.description == text)
    }

    @Test(arguments: ["", "8", "8N", "9N1", "4N1", "8X1", "8N3", "8N1 ", "8N1.6", "٨N1"])
    func formatsThatAreNone(text: String) { #expect(FrameFormat(text) == nil) }
}
