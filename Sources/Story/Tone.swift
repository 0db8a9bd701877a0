package import Wire

/// How a message is to be taken at a glance.
package enum Tone: UInt8, Hashable, Sendable {
    case plain
    /// Sent before.
    case again
    /// Damaged, refused or given up.
    case trouble

    package init(_ event: SessionEvent) {
        switch event.kind {
        case _ where event.pitfall == .notSent: self = .trouble
        case .noise, .cutOff, .xmodemNAK, .xmodemCancel, .headerAnswer(false): self = .trouble
        case .answer(let answer) where answer.status != .success || answer.sum == .wrong: self = .trouble
        case .xmodemBlock(let block) where !block.isIntact: self = .trouble
        case .xmodemBlock(let block) where block.isRepeated: self = .again
        default: self = .plain
        }
    }
}
