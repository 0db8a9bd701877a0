package import Line

/// Something that happened in the chip and that no byte on the line tells.
package struct ChipEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case power(on: Bool)
        /// RESET_B was pulled low, or let go.
        case reset(isHeld: Bool)
        /// Another program runs: "mask ROM", "stub community".
        case loader(String)
        /// The UART switched to a rate that was asked for as `baud`.
        case baud(Int)
        /// Characters that the receive FIFO could not hold.
        case overrun(Int)
        /// Characters that came while there was no power.
        case unpowered(Int)
        /// Characters that came while RESET_B was low.
        case heldInReset(Int)
        /// A fault of the flash did something: its name, and what it did.
        case fault(String, detail: String)
        /// A decision or an oddity worth knowing: an unknown stub, undefined behaviour.
        case note(String)
    }

    package var time: Instant
    package var kind: Kind

    package init(time: Instant, kind: Kind) {
        self.time = time
        self.kind = kind
    }
}
