import ArgumentParser
import Wire

struct FlashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: "Read and write a chip's flash, on an emulated port or a real one.",
        discussion: """
            Power the chip, or cycle its power, when the command waits for it. Success always means verified by \
            SHA-256: computed by the chip, or from what is read back if the stub cannot hash.

            Three dialects: community (XMODEM, for the community stub), vendor (frames, for the vendor's stubs; the \
            community stub understands them too), and rdtool, an imitation of the vendor's own tool made from users' \
            reports, not from the tool. It speaks frames at 2000000 baud, reads in one request, starts the firmware \
            after a write, and prints RDTool's log lines. Where RDTool's behaviour is unknown it does the same as \
            vendor.
            """,
        subcommands: [
            FlashInfoCommand.self, FlashReadCommand.self, FlashWriteCommand.self, FlashEraseCommand.self,
            FlashVerifyCommand.self, FlashEFuseCommand.self, FlashRunCommand.self,
        ])
}
