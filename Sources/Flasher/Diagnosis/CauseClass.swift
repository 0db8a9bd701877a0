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

    /// The likely ones first; never empty. Where the order is not in the facts it is ours.
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
                    From here they all look alike. Only listen, at 115200 baud, and switch the power on. Text: power and \
                    the chip's TXD are good, so it is the moment, or the wire to RXD. No text with the wires either way \
                    round: measure the chip's 3.3 V. If it is there, a wire is open or the chip is another one; read its \
                    marking.
                    """)
        // §11.3: "recv length is: 1", sometimes 3, cured by joining the grounds.
        case .fewBytes:
            Entry(
                summary: "one to three bytes came where an answer should be",
                causes: [.noCommonGround, .lowVoltageAdapter, .looseWire, .weakPower, .wrongBootBaud],
                check:
                    "With a meter: 0 Ω between the adapter's GND and the GND of the 3.3 V supply. That was it for the "
                    + "one user who is known to have met this.")
        case .garbage:
            Entry(
                summary: "bytes came that are neither an answer nor text",
                causes: [.noCommonGround, .openWire, .wrongBootBaud, .looseWire, .lowVoltageAdapter],
                check:
                    "With a meter: 0 Ω between the adapter's GND and the GND of the 3.3 V supply. If so, take the adapter's RX "
                    + "off the board and tie it to 3.3 V: if bytes still come, it is the adapter; if not, what the board "
                    + "sends.")
        // §2: boot errors and the application's log are text at 115200.
        case .text:
            Entry(
                summary: "text came: the chip runs a program, and no loader that listens",
                causes: [.applicationRuns, .weakPower, .openWire],
                check:
                    "Switch the power on while the sync word is sent. Text again and again by itself: the supply. Text "
                    + "at each power-on and never an answer: the wire to RXD (GPIO5).")
        case .echo:
            Entry(
                summary: "the sync words came back",
                causes: [.touchingWires],
                check: "Take the adapter off the board: if it still hears itself, the short is at the adapter.")
        case .silentStub:
            Entry(
                summary: "the stub was taken, and has never said anything",
                causes: [.wrongStub, .weakPower, .looseWire, .lowVoltageAdapter],
                check: "Switch the power off and on and repeat. The same place each time: the stub; another place each "
                    + "time: power or a contact.")
        case .silenceAfterSync:
            Entry(
                summary: "a stub answered, and now it is gone",
                causes: [.weakPower, .looseWire, .lowVoltageAdapter, .wrongStub, .earlierHost],
                check: "Switch the power off and on and repeat. The same place each time: the stub; another place each "
                    + "time: power or a contact.")
        // §4.3: the divisor table.
        case .rateLost:
            Entry(
                summary: "nothing works since the change of baud",
                causes: [.wrongWorkingBaud, .looseWire, .noisyLine, .lowVoltageAdapter, .weakPower],
                check: "Repeat with --baud 115200: if that works, it is the rate.")
        // §11.3: writing by XMODEM worked at 1.8 V, reading did not.
        case .lostAcknowledgements:
            Entry(
                summary: "the chip sends well, and does not get the ACK for its blocks",
                causes: [.lowVoltageAdapter, .noCommonGround, .looseWire, .noisyLine],
                check:
                    "Measure the adapter's TX pin at rest against GND: about 3.3 V is right, about 1.8 V is the cause.")
        case .lostBlocks:
            Entry(
                summary: "the chip answers, and does not get the host's blocks whole",
                causes: [.noisyLine, .looseWire, .wrongWorkingBaud, .noCommonGround, .lowVoltageAdapter],
                check:
                    "Repeat with --baud 115200: if that works, it is the rate or the wires' length; if not, a contact "
                    + "or a level.")
        case .damagedAnswers:
            Entry(
                summary: "the chip's answers come damaged",
                causes: [.noisyLine, .looseWire, .wrongWorkingBaud, .noCommonGround, .unseenDamage],
                check:
                    "Repeat with --baud 115200: if that works, it is the rate or the wires' length; if not, a contact "
                    + "or the ground.")
        case .refusal:
            Entry(
                summary: "the stub answers, and refuses the command",
                causes: [.wrongStub, .noisyLine, .unknownFlash],
                check: "Repeat it: the same refusal at once is the stub, anything else the line.")
        // §2: `no flash!` and the like; §4.2, §5: an id that names no size.
        case .flashUnidentified:
            Entry(
                summary: "the chip answers, and its flash is none that it knows",
                causes: [.flashContact, .unknownFlash, .weakPower],
                check:
                    "Switch the power off and on and ask for the id again. Another id each time: a contact or power; the "
                    + "same: compare it with the flash's datasheet.")
        case .flashTrouble:
            Entry(
                summary: "the chip answers, and its flash is not as it must be",
                causes: [.wornFlash, .unseenDamage, .weakPower, .flashContact, .unknownFlash],
                check: "Read the same range twice. Two different results: power, contact or line; twice the same: the "
                    + "flash.")
        case .portGone:
            Entry(
                summary: "the port is gone",
                causes: [.unplugged],
                check: nil)
        }
    }
}
