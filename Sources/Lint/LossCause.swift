import Line
import Trace

/// Why bytes of an item "lost" did not arrive, or were not taken.
enum LossCause: Hashable, Sendable {
    /// The chip's receive FIFO had no room.
    case overrun
    /// A loader reset its receive FIFO.
    case fifoReset
    case noPower
    case heldInReset
    /// The host threw them away with its input, unread.
    case thrownAway
    /// The host took them back with its output, before they had crossed.
    case takenBack
    /// They came to a host that did not read, or had closed its port.
    case unread
    /// The recording does not have them.
    case hole

    init(reason: String) {
        if reason.hasPrefix(ChipReason.overrun) {
            self = .overrun
        } else if reason.hasPrefix(ChipReason.fifoReset) {
            self = .fifoReset
        } else if reason == ChipReason.noPower {
            self = .noPower
        } else if reason == ChipReason.heldInReset {
            self = .heldInReset
        } else {
            switch LineEvent.Untaken(rawValue: reason) {
            case .thrownAway: self = .thrownAway
            case .takenBack: self = .takenBack
            case .portClosed, .unreadAtClose, .unread: self = .unread
            case nil: self = .hole
            }
        }
    }
}
