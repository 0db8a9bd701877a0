import ArgumentParser
import Bench
import Line

struct CtlPowerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "Switch the chip's power on, off, or off and on again.",
        discussion: """
            This ends the power schedule of the scenario or --power-after.

            Example: solderless ctl power cycle --for 300ms
            """)

    enum Position: String, ExpressibleByArgument, CaseIterable {
        case on
        case off
        case cycle
    }

    @OptionGroup var target: CtlTarget

    @Argument(help: ArgumentHelp("What to do.", valueName: "on|off|cycle")) var position: Position

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "How long the power is off in a cycle, on the line's clock: 2s, 300ms, \"300 ms\". (default: 1 s)",
            valueName: "time"))
    var off: String?

    mutating func validate() throws {
        guard off == nil || position == .cycle else { throw ValidationError("--for needs cycle") }
        _ = try request
    }

    private var request: ControlRequest {
        get throws {
            switch position {
            case .on: .power(on: true)
            case .off: .power(on: false)
            case .cycle:
                .cyclePower(
                    off: try off.map { try TimeSpan.parse($0, of: "--for", in: ControlRequest.cycleRange) }
                        ?? ControlRequest.usualCycle)
            }
        }
    }

    func run() throws {
        var bench = try target.connect()
        Console.print(CtlWords.power(try bench.ask(try request), position))
    }
}
