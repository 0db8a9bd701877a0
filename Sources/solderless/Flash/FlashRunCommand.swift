import ArgumentParser
import Flasher

struct FlashRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Leave the stub and boot from flash.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.run) }
}
