/// What a trace says of a chip in words that more than one room knows: why it lost bytes, and what its reset line does.
package enum ChipReason {
    /// How the reason begins where the receive FIFO had no room.
    package static let overrun = "receive FIFO overrun"
    /// How the reason begins where a loader reset the receive FIFO; after it stands on which occasion.
    package static let fifoReset = "receive FIFO reset"
    package static let noPower = "no power"
    package static let heldInReset = "held in reset"
    /// The note where RESET_B goes low, and high again.
    package static let resetLow = "RESET_B low"
    package static let resetHigh = "RESET_B high"
}
