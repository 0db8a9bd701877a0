import ArgumentParser
import Wire

struct FlashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: "Read and write a chip's flash, on an emulated port or a real one.",
        discussion: """
            Power the chip, or cycle its power, once the command waits for it. Nothing is called done that was not \
            verified by SHA-256: the chip's own, or, of a stub that cannot hash, that of what is read back.

            Three dialects: community (XMODEM, the community stub), vendor (frames, the vendor's stubs; the community \
            stub understands it too), and rdtool: an imitation of the vendor's own tool, from what users saw of it and not \
            from the tool. It speaks frames, at 2000000 baud, reads in one request, starts the firmware after a write, and \
            writes RDTool's log lines. Where nothing is known of RDTool it does as vendor does.
            """,
        subcommands: [
            FlashInfoCommand.self, FlashReadCommand.self, FlashWriteCommand.self, FlashEraseCommand.self,
            FlashVerifyCommand.self, FlashEFuseCommand.self, FlashRunCommand.self,
        ])
}
