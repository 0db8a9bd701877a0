import ArgumentParser
import Bench

struct CtlResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Reset the chip: a pulse on RESET_B. Flash and eFuse stay.",
        discussion: "What the scenario or --power-after still had in mind for the power does not happen.")

    @OptionGroup var target: CtlTarget

    func run() throws {
        var bench = try target.connect()
        Console.print(CtlWords.reset(try bench.ask(.reset)))
    }
}
