import ArgumentParser
import Bench

struct CtlResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Reset the chip by a pulse on RESET_B. Flash and eFuse keep their contents.",
        discussion: "This ends the power schedule of the scenario or --power-after.")

    @OptionGroup var target: CtlTarget

    func run() throws {
        var bench = try target.connect()
        Console.print(CtlWords.reset(try bench.ask(.reset)))
    }
}
