import ArgumentParser
import Flasher

struct FlashInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what flash the chip has, and whether a stub is running already.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.info) }
}
