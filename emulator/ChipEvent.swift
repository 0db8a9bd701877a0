package import Line

/// Something that happened in the chip and does not show in the bytes on the line.
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
        /// Characters that a loader threw away when it reset the receive FIFO, and on which occasion. A command among
        /// them is never answered.
        case fifoReset(Int, FIFOReset)
        /// Characters that came while there was no power.
        case unpowered(Int)
        /// Characters that came while RESET_B was low.
        case heldInReset(Int)
        /// A fault of the flash did something: its name, and what it did.
        case fault(String, detail: String)
        /// What a host uploaded, or the flash holds, was recognised, and runs as what it is.
        case recognised(String)
        /// A decision or an oddity worth knowing: an unknown stub, undefined behaviour.
        case note(String)
    }

    /// Why a loader resets the receive FIFO.
    package enum FIFOReset: String, Hashable, Sendable {
        /// ROM or uboot has answered the sync word (ECR6600 facts §1.4).
        case synchronised = "behind the answer to the sync word"
        /// uboot has accepted "amt_" with a digit (§1.4).
        case amtAccepted = "behind the answer to amt_"
        /// ROM or uboot has accepted a header (§1.4).
        case headerAccepted = "behind the answer to the header"
        /// A stub has cleared its memory and begins to read (§4).
        case stubStarted = "when the stub had started"
        /// A stub has answered a data frame of 02 (§4.3).
        case frameStored = "behind the answer to a data frame"
    }

    package var time: Instant
    package var kind: Kind

    package init(time: Instant, kind: Kind) {
        self.time = time
        self.kind = kind
    }
}
