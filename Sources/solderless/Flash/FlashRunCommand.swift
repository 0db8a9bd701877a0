import ArgumentParser
import Flasher

struct FlashRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Leave the stub and start what is in the flash.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.run) }
}
