/// Causes that look alike from the host's end of the line. The raw values are names that programs may rely on.
package enum CauseClass: String, Hashable, Sendable, CaseIterable {
    case silence
    case fewBytes = "few-bytes"
    case garbage
    case text
    case echo
    case silentStub = "silent-stub"
    case silenceAfterSync = "silence-after-sync"
    case rateLost = "rate-lost"
    case lostAcknowledgements = "lost-acknowledgements"
    case lostBlocks = "lost-blocks"
    case damagedAnswers = "damaged-answers"
    case refusal
    case flashUnidentified = "flash-unidentified"
    case flashTrouble = "flash-trouble"
    case portGone = "port-gone"
}

extension CauseClass {
    /// What the host met, as a headline without a full stop.
    package var summary: String { entry.summary }

    /// The likely ones first; never empty. Where the facts do not give the order, it is an assumption.
    package var causes: [Cause] { entry.causes }

    /// The one thing to do that tells the causes apart; nil where they look different already.
    package var check: String? { entry.check }

    private struct Entry {
        var summary: String
        var causes: [Cause]
        var check: String?
    }

    private var entry: Entry {
        switch self {
        // §11.3 has late power as the usual trouble, §1.3 the window; §12 the pads and the other chip.
        case .silence:
            Entry(
                summary: "nothing came back at all",
                causes: [
                    .latePower, .earlyPower, .noCommonGround, .swappedWires, .openWire, .lowVoltageAdapter,
                    .unpowered, .wrongPads, .anotherChip,
                ],
                check: """
                    The host cannot tell these apart. Only listen, at 115200 baud, and switch the power on. If there \
                    is text, power and the chip's TXD are good: it is the moment, or the wire to RXD. If there is \
                    none, with the wires either way round, measure the chip's 3.3 V. If that is right, a wire is open \
                    or it is another chip: read its marking.
                    """)
        // §11.3: "recv length is: 1", sometimes 3, cured by joining the grounds.
        case .fewBytes:
            Entry(
                summary: "a few bytes came, no more than three at a time, where an answer should be",
                causes: [.noCommonGround, .lowVoltageAdapter, .looseWire, .weakPower, .wrongBootBaud],
                check:
                    "With a meter: 0 Ω between the adapter's GND and the GND of the 3.3 V supply. That was the "
                    + "cause for the one user known to have met this.")
        case .garbage:
            Entry(
                summary: "bytes came that are neither an answer nor text",
                causes: [.noCommonGround, .openWire, .wrongBootBaud, .looseWire, .lowVoltageAdapter, .earlierHost],
                check:
                    "With a meter: 0 Ω between the adapter's GND and the GND of the 3.3 V supply. If so, take the "
                    + "adapter's RX "
                    + "off the board and tie it to 3.3 V: if bytes still come, it is the adapter; if not, the board.")
        // §2: boot errors and the application's log are text at 115200.
        case .text:
            Entry(
                summary: "text came: the chip runs a program, not a loader that listens",
                causes: [.applicationRuns, .weakPower, .openWire],
                check:
                    "Switch the power on while the sync word is sent. If text repeats by itself, it is the supply; "
                    + "if it comes at each power-on but never an answer, the wire to RXD (GPIO5).")
        case .echo:
            Entry(
                summary: "the sync words came back",
                causes: [.touchingWires],
                check: "Take the adapter off the board: if the echo stays, the short is at the adapter.")
        case .silentStub:
            Entry(
                summary: "the stub was accepted, but never answered",
                causes: [.wrongStub, .weakPower, .looseWire, .lowVoltageAdapter],
                check: "Switch the power off and on and repeat. If it stops at the same place each time, it is the "
                    + "stub; at another place each time, power or a contact.")
        case .silenceAfterSync:
            Entry(
                summary: "a stub answered, and then fell silent",
                causes: [.weakPower, .looseWire, .lowVoltageAdapter, .wrongStub, .earlierHost],
                check: "Switch the power off and on and repeat. If it stops at the same place each time, it is the "
                    + "stub; at another place each time, power or a contact.")
        // §4.3: the divisor table.
        case .rateLost:
            Entry(
                summary: "nothing works since the change of baud rate",
                causes: [.wrongWorkingBaud, .looseWire, .noisyLine, .lowVoltageAdapter, .weakPower],
                check: "Repeat at 115200 baud (--baud 115200): if that works, it is the rate.")
        // §11.3: writing by XMODEM worked at 1.8 V, reading did not.
        case .lostAcknowledgements:
            Entry(
                summary: "the chip sends well, but does not receive the ACKs for its blocks",
                causes: [.lowVoltageAdapter, .noCommonGround, .looseWire, .noisyLine],
                check:
                    "Measure the adapter's TX pin at rest against GND: about 3.3 V is right, about 1.8 V is the cause.")
        case .lostBlocks:
            Entry(
                summary: "the chip answers, but the host's blocks arrive damaged",
                causes: [.noisyLine, .looseWire, .wrongWorkingBaud, .noCommonGround, .lowVoltageAdapter],
                check:
                    "Repeat at 115200 baud (--baud 115200): if that works, it is the rate or the wires' length; if not, "
                    + "a contact or a level.")
        case .damagedAnswers:
            Entry(
                summary: "the chip's answers arrive damaged",
                causes: [.noisyLine, .looseWire, .wrongWorkingBaud, .noCommonGround, .unseenDamage],
                check:
                    "Repeat at 115200 baud (--baud 115200): if that works, it is the rate or the wires' length; if not, "
                    + "a contact or the ground.")
        case .refusal:
            Entry(
                summary: "the stub answers, but refuses the command",
                causes: [.wrongStub, .noisyLine, .unknownFlash],
                check: "Repeat it: if the same refusal comes at once, it is the stub; otherwise the line.")
        // §2: `no flash!` and the like; §4.2, §5: an id that names no size.
        case .flashUnidentified:
            Entry(
                summary: "the chip answers, but does not know its flash",
                causes: [.flashContact, .unknownFlash, .weakPower],
                check:
                    "Switch the power off and on and ask for the id again. If the id changes, it is a contact or "
                    + "power; if not, compare it with the flash's datasheet.")
        case .flashTrouble:
            Entry(
                summary: "the chip answers, but its flash does not hold what it should",
                causes: [.wornFlash, .unseenDamage, .weakPower, .flashContact, .unknownFlash],
                check: "Read the same range twice. If the results differ, it is power, a contact or the line; if "
                    + "not, the flash.")
        case .portGone:
            Entry(
                summary: "the port is gone",
                causes: [.unplugged],
                check: nil)
        }
    }
}
