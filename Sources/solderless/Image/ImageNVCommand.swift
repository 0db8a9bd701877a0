import ArgumentParser

struct ImageNVCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nv",
        abstract: "The keys and values of a back-up's NV partitions (EasyFlash); changes go to a copy.",
        subcommands: [
            ImageNVListCommand.self, ImageNVGetCommand.self, ImageNVSetCommand.self, ImageNVDeleteCommand.self,
        ])
}
