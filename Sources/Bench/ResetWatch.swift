import Emulator
import Line
import Ports

/// Notices a host that writes to a chip which it holds in reset itself: a port asserts RTS when it is opened, and on a board
/// that wires RTS to RESET_B a program that does not know of it hears nothing, ever.
struct ResetWatch {
    /// What the host had sent when the chip was last seen running.
    private var sent = 0
    private var isTold = false

    /// What is wrong, once; nil for nothing.
    /// - Parameter resetLines: the control lines that pull RESET_B low.
    mutating func complaint(
        _ port: DevicePort<Chip, ClientPort, MonotonicClock>, resetLines: ControlLines
    ) -> String? {
        let isHeld = port.device.isHeldInReset && !port.hostLines.isDisjoint(with: resetLines)
        guard isHeld, !isTold, port.link.sent.hostToChip > sent else {
            if !isHeld { sent = port.link.sent.hostToChip }
            return nil
        }
        isTold = true
        return "the host writes while its control lines hold the chip in reset: a port asserts DTR and RTS when it is "
            + "opened, and the board wires one of them to RESET_B; release them first"
            + " (or leave them out: run --no-lines)"
    }
}
