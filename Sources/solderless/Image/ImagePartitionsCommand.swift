import ArgumentParser
import Images
import Story
import Words

struct ImagePartitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partitions",
        abstract: "Print the partition table of a back-up, an all-in-one image, or a file with the table alone.")

    @Argument(help: "The file.") var file: String

    @OptionGroup var report: ReportFormat

    func run() throws {
        let bytes = try ImageFile.read(file)
        let table: PartitionTable
        do {
            table = try PartitionTable(parsing: PartitionTable.place(in: bytes).span)
        } catch {
            throw Failure(.environment, "\(file) has no partition table: \(error)")
        }
        report.print(table.json, text: ImageText().text(table))
    }
}
