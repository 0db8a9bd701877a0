import ArgumentParser
import Images
import Words

struct ImageNVGetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print a key's value; exit code 1 if there is no such key.",
        discussion: "Without --partition all partitions are searched; a key that is in several needs it.")

    @OptionGroup var options: ImageNVOptions

    @Argument(help: "The key.") var key: String

    @Flag(help: "Print it in hexadecimal, as is always done for values that are not text.") var hex = false

    func run() throws {
        let partition = try options.open(holding: key).location.partition
        guard let entry = partition.entries.last(where: { $0.key == key }) else {
            throw options.failure(.noSuchKey(key))
        }
        Console.print(hex ? hexBytes(entry.value) : entry.text ?? hexBytes(entry.value))
    }
}
