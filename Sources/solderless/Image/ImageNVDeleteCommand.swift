import ArgumentParser
import Images

struct ImageNVDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key in a copy of the file.")

    @OptionGroup var options: ImageNVOptions

    @Argument(help: "The key.") var key: String

    @OptionGroup var copy: ImageCopyOptions

    func run() throws {
        try copy.write(options, key) { partition throws(NVError) in try partition.deleting(key) }
    }
}
