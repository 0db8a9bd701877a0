import ArgumentParser
import Bench
import Line
import Scenarios

struct CtlAdapterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapter",
        abstract: "Set the adapter's switch to 1.8, 3.3 or 5 V.")

    @OptionGroup var target: CtlTarget

    @Argument(help: ArgumentHelp("1.8, 3.3 or 5.", valueName: "volts"), transform: Self.level) var level: Millivolts

    private static func level(_ word: String) throws -> Millivolts {
        let levels = ["1.8": 1800, "3.3": 3300, "5": 5000, "5.0": 5000]
        let number = word.hasSuffix("V") ? String(word.dropLast()).trimmingPrefix(" ").description : word
        guard let level = levels[number.filter { $0 != " " }] else {
            throw ValidationError("the adapter's switch has 1.8, 3.3 and 5, not '\(word)'")
        }
        return level
    }

    func run() throws {
        var bench = try target.connect()
        _ = try bench.ask(.adapter(level))
        Console.print("the adapter is at \(level / 1000).\(level % 1000 / 100) V")
    }
}
