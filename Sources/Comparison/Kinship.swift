import Trace
import Wire

/// What two steps have to do with each other.
enum Kinship: Hashable {
    /// They are the same.
    case same
    /// They are about the same thing, such as the same block, and differ.
    case close
    /// They are of a kind, such as two commands of one name.
    case distant
    case none

    init(_ a: TraceStep, _ b: TraceStep) {
        guard a.lane == b.lane else {
            self = .none
            return
        }
        if a.isSame(as: b) {
            self = .same
            return
        }
        // A message that is damaged may have no meaning any more.
        if a.isLoose || b.isLoose {
            self = a.isPort || b.isPort ? .none : Self.between(a.bytes, b.bytes)
            return
        }
        switch (a.what, b.what) {
        case (.port(let one, _), .port(let other, _)): self = Self.between(one.kind, other.kind)
        case (.bytes(let one), .bytes(let other)):
            if one.kind.isCutOff || other.kind.isCutOff {
                self = Self.isBeginning(a.bytes, b.bytes) ? .distant : Self.between(a.bytes, b.bytes)
            } else {
                self = Self.between(one.kind, other.kind)
            }
        default: self = .none
        }
    }

    /// Of bytes without a meaning: whether half of them are common.
    private static func between(_ a: [UInt8], _ b: [UInt8]) -> Kinship {
        // At most so much can be common.
        guard min(a.count, b.count) * 2 >= max(a.count, b.count) else { return .none }
        let (head, tail) = commonEnds(a, b)
        return head + tail >= 2 && (head + tail) * 2 >= max(a.count, b.count) ? .distant : .none
    }

    /// Whether one of them is the beginning of the other.
    private static func isBeginning(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        let count = min(a.count, b.count)
        return count >= 2 && commonPrefix(a.span, b.span) == count
    }

    private static func between(_ a: TraceEvent.Kind, _ b: TraceEvent.Kind) -> Kinship {
        switch (a, b) {
        case (.baud(let one, _), .baud(let other, _)): one == other ? .distant : .none
        case (.frameFormat(let one, _), .frameFormat(let other, _)): one == other ? .distant : .none
        case (.flushed, .flushed), (.controlLines, .controlLines): .distant
        // The same at another place of a message.
        default: a == b ? .distant : .none
        }
    }

    private static func between(_ a: SessionEvent.Kind, _ b: SessionEvent.Kind) -> Kinship {
        switch (a, b) {
        case (.xmodemBlock(let one), .xmodemBlock(let other)): return one.number == other.number ? .close : .none
        case (.payload(let one, _), .payload(let other, _)): return one == other ? .close : .distant
        case (.uploadFrame(_, let one, _, _), .uploadFrame(_, let other, _, _)): return one == other ? .close : .distant
        case (.request(let one), .request(let other)):
            guard one.command == other.command, one.isData == other.isData else { return .none }
            return one.address != nil && one.address == other.address ? .close : .distant
        case (.answer(let one), .answer(let other)):
            return one.command == other.command || one.command == .unknown || other.command == .unknown
                ? .distant : .none
        case (.downloadHeader, .downloadHeader), (.headerAnswer, .headerAnswer), (.amtWord, .amtWord),
            (.amtAnswer, .amtAnswer):
            return .distant
        default: return a.isReceivers && b.isReceivers ? .distant : .none
        }
    }
}

extension SessionEvent.Kind {
    fileprivate var isCutOff: Bool { if case .cutOff = self { true } else { false } }

    /// What a receiver says of a block.
    fileprivate var isReceivers: Bool { self == .xmodemACK || self == .xmodemNAK || self == .xmodemCancel }
}

extension StubRequestSummary {
    /// Where in the flash or RAM it begins; nil for a command without an address.
    fileprivate var address: UInt32? {
        switch body {
        case .range(let address, _), .compressedRange(let address, _, _): address
        case .efuse(_, let address, _): UInt32(address)
        default: nil
        }
    }

    /// Whether it carries data of a download.
    fileprivate var isData: Bool {
        switch body {
        case .data, .lateData: true
        default: false
        }
    }
}

/// How many bytes two runs have in common at their beginnings, and at their ends besides.
func commonEnds(_ a: [UInt8], _ b: [UInt8]) -> (head: Int, tail: Int) {
    let head = commonPrefix(a.span, b.span)
    let most = min(a.count, b.count) - head
    var tail = 0
    while tail < most, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
    return (head, tail)
}
