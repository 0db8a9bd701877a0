/// How a port frames characters, such as 8N1; numbered as in the trace format.
package struct FrameFormat: Hashable, Sendable, CustomStringConvertible {
    /// As it was asked for: 5 to 8, and 9 to 16 where an adapter knows them.
    package var dataBits: UInt8
    package var parity: Parity
    package var stopBits: StopBits

    package enum Parity: UInt8, Hashable, Sendable, CaseIterable {
        case none
        case odd
        case even
        case mark
        case space

        /// As formats are written: N, O, E, M, S.
        package var letter: Character {
            switch self {
            case .none: "N"
            case .odd: "O"
            case .even: "E"
            case .mark: "M"
            case .space: "S"
            }
        }
    }

    /// In halves of a bit.
    package enum StopBits: UInt8, Hashable, Sendable, CaseIterable {
        case one = 2
        case oneAndAHalf = 3
        case two = 4
    }

    package init(dataBits: UInt8, parity: Parity, stopBits: StopBits) {
        self.dataBits = dataBits
        self.parity = parity
        self.stopBits = stopBits
    }

    /// 8N1, which the chip's loaders speak.
    package static let eightNone1 = FrameFormat(dataBits: 8, parity: .none, stopBits: .one)

    /// `8N1`, `7E1.5`.
    package var description: String {
        let stop =
            switch stopBits {
            case .one: "1"
            case .oneAndAHalf: "1.5"
            case .two: "2"
            }
        return "\(dataBits)\(parity.letter)\(stop)"
    }
}
