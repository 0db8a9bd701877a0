import ArgumentParser

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Inspect back-ups and images, take them apart, put them together.",
        subcommands: [
            ImageShowCommand.self, ImagePartitionsCommand.self, ImageSplitCommand.self, ImageMakeCommand.self,
            ImageNVCommand.self,
        ])
}
