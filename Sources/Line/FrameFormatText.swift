extension FrameFormat {
    /// The format that is written so, as "8N1", "7e2", "8N1.5"; nil for any other text, and for more than eight data bits,
    /// which no byte holds.
    package init?(_ text: String) {
        let letters = Array(text.uppercased())
        guard letters.count >= 3, letters[0].isASCII, let count = letters[0].wholeNumberValue, (5...8).contains(count),
            let parity = Parity.allCases.first(where: { $0.letter == letters[1] })
        else { return nil }
        let stopBits: StopBits
        switch String(letters[2...]) {
        case "1": stopBits = .one
        case "1.5": stopBits = .oneAndAHalf
        case "2": stopBits = .two
        default: return nil
        }
        self.init(dataBits: UInt8(count), parity: parity, stopBits: stopBits)
    }

    /// Start, data, parity and stop bits together, in halves of a bit.
    package var halfBitCount: Int {
        2 * (1 + Int(dataBits) + (parity == .none ? 0 : 1)) + Int(stopBits.rawValue)
    }

    /// Whether the parity bit is 1 behind these data; nil where there is none.
    package func parityBit(of data: UInt8) -> Bool? {
        switch parity {
        case .none: nil
        case .even: data.nonzeroBitCount % 2 == 1
        case .odd: data.nonzeroBitCount % 2 == 0
        case .mark: true
        case .space: false
        }
    }
}
