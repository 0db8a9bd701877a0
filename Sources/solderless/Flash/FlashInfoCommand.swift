import ArgumentParser
import Flasher

struct FlashInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Identify the flash, and tell whether a stub is running already.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.info) }
}
