import ArgumentParser
import Images
import Story
import Words

struct ImageNVListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List keys and values, of all partitions unless --partition names one.")

    @OptionGroup var options: ImageNVOptions

    @OptionGroup var report: ReportFormat

    func run() throws {
        let locations: [NVLocation]
        if options.partition == nil {
            do {
                locations = try NVLocation.all(in: ImageFile.read(options.file))
            } catch let error as NVLocationError {
                throw Failure(.environment, "\(options.file): \(error)")
            }
        } else {
            locations = [try options.open()]
        }
        let listing = NVListing(locations)
        report.print(listing.json, text: listing.text)
        for location in locations {
            for problem in location.partition.damaged.compactMap(\.problem) {
                Console.error(
                    "beware: \(location.name.map(printable) ?? options.file) has a damaged record: \(problem)")
            }
        }
    }
}
