import ArgumentParser

struct FlashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: "Read and write a chip's flash, on an emulated port or a real one.",
        discussion: """
            Power the chip, or cycle its power, once the command waits for it. Nothing is called done that was not \
            verified by SHA-256: the chip's own, or, of a stub that cannot hash, that of what is read back.

            Two dialects: community (XMODEM, the community stub) and vendor (frames, the vendor's stubs; the community \
            stub understands it too).
            """,
        subcommands: [
            FlashInfoCommand.self, FlashReadCommand.self, FlashWriteCommand.self, FlashEraseCommand.self,
            FlashVerifyCommand.self, FlashEFuseCommand.self, FlashRunCommand.self,
        ])
}
