import ArgumentParser

struct ImageNVCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nv",
        abstract: "Read the keys and values of a back-up's NV partitions (EasyFlash), or change them in a copy.",
        subcommands: [
            ImageNVListCommand.self, ImageNVGetCommand.self, ImageNVSetCommand.self, ImageNVDeleteCommand.self,
        ])
}
