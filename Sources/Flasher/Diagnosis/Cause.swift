/// Something on a bench that makes a job fail. The raw values are names that programs may rely on.
package enum Cause: String, Hashable, Sendable, CaseIterable {
    case latePower = "late-power"
    case earlyPower = "early-power"
    case unpowered
    case noCommonGround = "no-common-ground"
    case lowVoltageAdapter = "adapter-1v8"
    case swappedWires = "swapped-tx-rx"
    case openWire = "open-wire"
    case looseWire = "loose-wire"
    case wrongPads = "wrong-pads"
    case touchingWires = "touching-wires"
    case anotherChip = "another-chip"
    case wrongBootBaud = "wrong-boot-baud"
    case wrongWorkingBaud = "wrong-working-baud"
    case applicationRuns = "application-runs"
    case weakPower = "weak-power"
    case noisyLine = "noisy-line"
    case wrongStub = "wrong-stub"
    case earlierHost = "earlier-host"
    case unplugged
    case flashContact = "flash-contact"
    case unknownFlash = "unknown-flash"
    case wornFlash = "worn-flash"
    case unseenDamage = "unseen-damage"
}

/// A cause in words, and what to do about it.
package struct Remedy: Hashable, Sendable {
    /// What is wrong, without a full stop.
    package var cause: String
    /// What to do: one sentence or two.
    package var cure: String

    init(_ cause: String, _ cure: String) {
        self.cause = cause
        self.cure = cure
    }
}

extension Cause {
    /// The sources are ECR6600 facts §1.3 and §2 (power and boot), §4 and §5 (stubs, rates, flash), §8 (levels), §11.3
    /// (what users met), §12 (the plug's pads).
    package var remedy: Remedy {
        switch self {
        case .latePower:
            Remedy(
                "power came too late, or not while the sync word was sent",
                "Start this first and switch the power on half a second later; it often takes several tries.")
        case .earlyPower:
            Remedy(
                "the chip already had power, and its window was over",
                "It listens for a moment after power-on and never again: switch it off, start this, switch it on.")
        case .unpowered:
            Remedy(
                "the chip has no power",
                "Measure at the chip: 3.0 to 3.6 V, and the same while it starts.")
        case .noCommonGround:
            Remedy(
                "adapter and 3.3 V supply have no common ground",
                "Join the adapter's GND, the board's GND and the supply's GND; a meter must show 0 Ω between them.")
        case .lowVoltageAdapter:
            Remedy(
                "the adapter is set to 1.8 V",
                "Set it to 3.3 V: its TX pin at rest must show about 3.3 V against GND.")
        case .swappedWires:
            Remedy(
                "TX and RX are swapped",
                "Adapter TX goes to the chip's RXD (GPIO5), adapter RX to its TXD (GPIO6). Swap the two; nothing "
                    + "breaks."
            )
        case .openWire:
            Remedy(
                "a wire is open",
                "Check TX, RX and GND from end to end with a meter; solder what was only held.")
        case .looseWire:
            Remedy(
                "a wire has a bad contact",
                "Solder it or fix it in place, and repeat without moving anything.")
        case .wrongPads:
            Remedy(
                "the wires are on other pads",
                "Only GPIO5 and GPIO6 take part in flashing; a second pair marked RX0 and TX0 (GPIO21, GPIO22) does "
                    + "not."
            )
        case .touchingWires:
            Remedy(
                "TX and RX touch each other",
                "Look for solder or bare wire between the two pads, and for a loop-back plug on the adapter.")
        case .anotherChip:
            Remedy(
                "the board carries another chip",
                "Read its marking: a later revision of the plug has a T34, which never answers.")
        case .wrongBootBaud:
            Remedy(
                "the boot's rate and the port's differ",
                "The boot always uses 115200 baud; check that the adapter can make it, and that the crystal is right."
            )
        case .wrongWorkingBaud:
            Remedy(
                "the new baud rate does not work",
                "Choose another with --baud: 115200 always works, 921600 and 2000000 are close, 3000000 is 11 % off "
                    + "at the chip; some adapters make 921600 at most, without an error.")
        case .applicationRuns:
            Remedy(
                "the chip has started what is in its flash",
                "Its window was over: switch the power off and on while the sync word is sent.")
        case .weakPower:
            Remedy(
                "the supply is too weak, and the chip restarts or stops",
                "Use a 3.3 V supply with room to spare, not the adapter's own pin, and short wires.")
        case .noisyLine:
            Remedy(
                "the line damages or loses bytes",
                "Shorter wires, a ground wire beside them, a lower baud.")
        case .wrongStub:
            Remedy(
                "the stub is for another chip, or speaks another dialect",
                "Switch the power off and on, so that this program's own is loaded, or check the file and --dialect: the "
                    + "vendor's stubs know only frames, the community stub XMODEM as well.")
        case .earlierHost:
            Remedy(
                "an earlier host left the stub in the middle of a transfer",
                "Switch the power off and on: a stub waits for the rest forever.")
        case .unplugged:
            Remedy(
                "the adapter was unplugged, or its driver dropped it",
                "Plug it in again, then switch the chip's power off and on; if it happens again, try another cable "
                    + "or USB socket."
            )
        case .flashContact:
            Remedy(
                "the flash chip cannot be reached",
                "The id FFFFFF means that no flash answers: a bad contact at the flash, or too little power to read "
                    + "it.")
        case .unknownFlash:
            Remedy(
                "the stub does not know this flash",
                "It treats a size it does not know as 0 bytes; use a stub that knows more sizes.")
        case .wornFlash:
            Remedy(
                "the flash does not keep what is written",
                "Write again; if the same addresses differ each time, the flash is worn or write-protected.")
        case .unseenDamage:
            Remedy(
                "the line changed bytes, and the frame's sum did not catch it",
                "Repeat at a lower baud: an eight-bit sum misses one error in 256.")
        }
    }
}
