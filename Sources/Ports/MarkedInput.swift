package import Line

/// Takes the marks off what a terminal with PARMRK gives: `FF 00 x` is a character that was received with an error,
/// `FF 00 00` a break, and `FF FF` a sound FF (termios(3)). A mark may be cut anywhere.
package struct MarkedInput: Sendable {
    private enum Place {
        case plain
        /// Behind FF.
        case marked
        /// Behind FF 00.
        case bad
    }

    private var place = Place.plain

    package init() {}

    /// What a receiver says of one character.
    package struct Flaw: Hashable, Sendable {
        package var error: ReceiveError
        /// Which of the characters it is about.
        package var offset: Int

        package init(_ error: ReceiveError, at offset: Int) {
            self.error = error
            self.offset = offset
        }
    }

    /// Appends the characters that were received, sound or not: a terminal that marks nothing would give the same.
    /// - Parameter flaws: gets what is wrong with some of them, by their places in `characters`.
    package mutating func take(_ bytes: Span<UInt8>, into characters: inout [UInt8], flaws: inout [Flaw]) {
        for index in bytes.indices {
            let byte = bytes[index]
            switch place {
            case .plain:
                if byte == 0xFF { place = .marked } else { characters.append(byte) }
            case .marked:
                if byte == 0 {
                    place = .bad
                    continue
                }
                // No terminal says anything else behind FF; if one did, nothing would be lost.
                if byte != 0xFF { characters.append(0xFF) }
                characters.append(byte)
                place = .plain
            case .bad:
                // 8N1 has no parity bit: what is wrong can only be the stop bit.
                flaws.append(Flaw(byte == 0 ? .break : .framing, at: characters.count))
                characters.append(byte)
                place = .plain
            }
        }
    }
}
