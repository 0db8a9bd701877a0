import ArgumentParser
import Flasher

struct FlashVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare an image with the flash by SHA-256. Nothing is written.")

    @OptionGroup var options: FlashOptions
    @OptionGroup var image: ImageOptions

    func run() throws { try options.perform(.verify(image.segments())) }
}
