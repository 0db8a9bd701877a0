/// In what state a chip may be, as far as its host can know.
package struct ChipState: Hashable, Sendable, CustomStringConvertible {
    /// The flash.
    package enum Flash: String, Hashable, Sendable {
        case untouched = "its flash is untouched"
        case partlyErased = "its flash may be partly erased"
        case partlyWritten = "its flash may be partly written"
        case unverified = "its flash is written but did not verify"
        case done = "its flash is done and verified"
    }

    /// The program that runs on it.
    package enum Program: String, Hashable, Sendable {
        case unknown = "what runs on it is unknown"
        case awaitsPayload = "its loader may wait forever for the rest of a RAM image"
        case stub = "the stub runs and takes commands"
        case stubBusy = "the stub may still be busy with the last command"
        case stubInReceiver = "the stub may wait in its XMODEM receiver until an EOT (04), a reset or a power cycle"
        case stubInDownload = "the stub may wait for the rest of a download (02) until a reset or a power cycle"
        case stubAtUnknownBaud = "the stub may be at another baud rate"
        case application = "it was asked to boot from flash"
    }

    package var flash: Flash
    package var program: Program

    package init(flash: Flash = .untouched, program: Program = .unknown) {
        self.flash = flash
        self.program = program
    }

    package var description: String { "\(flash.rawValue); \(program.rawValue)." }
}
