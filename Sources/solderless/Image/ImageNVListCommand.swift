import ArgumentParser
import Images
import Story
import Words

struct ImageNVListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List keys and values; without --partition of all partitions.")

    @OptionGroup var options: ImageNVOptions

    @Flag(help: "JSON instead of text.") var json = false

    func run() throws {
        let locations: [NVLocation]
        if options.partition == nil {
            do {
                locations = try NVLocation.all(in: ImageFile.read(options.file))
            } catch let error as NVLocationError {
                throw Failure(.environment, "\(options.file): \(error)")
            }
        } else {
            locations = [try options.open().location]
        }
        if json {
            Console.print(NVListing(locations).json.description)
        } else {
            Console.write(NVListing(locations).text, to: 1)
        }
        for location in locations {
            for problem in location.partition.damaged.compactMap(\.problem) {
                Console.error(
                    "beware: \(location.name.map(printable) ?? options.file) has a damaged record: \(problem)")
            }
        }
    }
}
