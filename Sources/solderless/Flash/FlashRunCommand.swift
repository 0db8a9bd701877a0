import ArgumentParser
import Flasher

struct FlashRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Ask the stub to boot from flash. Whether it does cannot be seen from here.")

    @OptionGroup var options: FlashOptions

    func run() throws { try options.perform(.run) }
}
