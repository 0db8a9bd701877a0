import Words

/// Items: what RTAC serial has no field for, as type, length, value (docs/trace-format.md).
///
/// They stand in the payload of STATUS_CHANGE, CAPTURE_DATA_LOST and error records, after a magic and the version. Numbers
/// are never used twice, and a meaning never changes: that is how old traces stay readable.
struct Item: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt16

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    private init(_ rawValue: UInt16) {
        self.rawValue = rawValue
    }

    // What happened.
    static let session = Item(0x0001)
    static let baud = Item(0x0010)
    static let portOpened = Item(0x0011)
    static let portClosed = Item(0x0012)
    static let flushed = Item(0x0013)
    static let controlLines = Item(0x0014)
    static let breakSent = Item(0x0015)
    static let frameFormat = Item(0x0016)
    static let receiveError = Item(0x0017)
    static let power = Item(0x0020)
    static let loader = Item(0x0021)
    static let clockAhead = Item(0x0022)
    static let lost = Item(0x0030)
    static let garbled = Item(0x0031)
    static let fault = Item(0x0032)
    static let difference = Item(0x0033)
    static let note = Item(0x0040)

    // Inside a session.
    static let program = Item(0x0101)
    static let programVersion = Item(0x0102)
    static let clock = Item(0x0103)
    static let seed = Item(0x0104)
    static let epoch = Item(0x0105)
    static let property = Item(0x0106)
    static let records = Item(0x0107)

    /// "SLDR": before the version and the items. Payloads without it are somebody else's.
    static let magic: [UInt8] = [0x53, 0x4C, 0x44, 0x52]
    /// Magic, major and minor version.
    static let preambleByteCount = 6
    /// Type (2) and length (4).
    static let headByteCount = 6

    /// Whether a payload is ours to read.
    static func areIn(_ payload: Span<UInt8>) -> Bool {
        payload.count >= preambleByteCount && magic.indices.allSatisfy { payload[$0] == magic[$0] }
    }
}

extension Array<UInt8> {
    /// Appends an item whose value `fill` appends.
    mutating func append(_ item: Item, _ fill: (inout [UInt8]) -> Void = { _ in }) {
        append(bigEndian: item.rawValue)
        let lengthOffset = count
        append(bigEndian: UInt32(0))
        fill(&self)
        let length = UInt32(truncatingIfNeeded: count - lengthOffset - 4)
        for index in 0..<4 {
            self[lengthOffset + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index))
        }
    }

    /// Appends an item whose value is a text.
    mutating func append(_ item: Item, _ text: String) {
        append(item) { $0 += legible(text).utf8 }
    }
}
