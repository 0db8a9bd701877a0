package import Line

/// A step of the flashing protocol that something can be aimed at: what a message is for, whatever its bytes are.
///
/// Which way a step goes follows from its name, except in XMODEM: the blocks of a write (91, 97) come from the host and
/// their acknowledgements from the chip, and in a read (92, 96, 98, 99) it is the other way round (ECR6600 facts §10).
package enum Step: String, Hashable, Sendable, CaseIterable {
    /// "cnys" (ECR6600 facts §1.4).
    case sync
    case syncAnswer = "sync-answer"
    /// The 12 bytes that announce a RAM image.
    case header
    case headerAnswer = "header-answer"
    /// 1024 bytes of a RAM image, and what answers them (§1.4, §3).
    case piece
    case pieceAnswer = "piece-answer"
    /// Any frame from host to stub but data frames, and what answers it (§4.2).
    case command
    case answer
    /// BAUD (07), and its answer, which comes at the new rate (§4.2).
    case baud
    case baudAnswer = "baud-answer"
    /// A frame of 02 that carries flash contents, and its answer (§4.3).
    case dataFrame = "data-frame"
    case dataAnswer = "data-answer"
    /// A frame of FLASH read (03).
    case uploadFrame = "upload-frame"
    /// XMODEM (§10): `C`, a block, ACK and NAK after a block, EOT, the ACK after it, CAN.
    case ready
    case block
    case blockAck = "block-ack"
    case blockNak = "block-nak"
    case eot
    case eotAck = "eot-ack"
    case cancel
}

/// Where something is aimed: at the n-th step of a kind.
package struct Aim: Hashable, Sendable {
    package var step: Step
    /// Which of them, from 1, counted since the line's beginning and in `direction` where one is given.
    package var count: Int
    /// Which way it goes; nil for both. Only XMODEM's steps can go either way.
    package var direction: Direction?

    package init(_ step: Step, count: Int = 1, direction: Direction? = nil) {
        self.step = step
        self.count = count
        self.direction = direction
    }
}
