import ArgumentParser
import Bench
import Line
import Scenarios

struct CtlFaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: "Let a fault of the line begin, or end.",
        discussion: """
            Faults: \(Hookup.faults.map { "\($0.name) (\($0.about.prefix(1).lowercased())\($0.about.dropFirst().dropLast()))" }.joined(separator: ", ")). Each has its standard numbers \
            (solderless scenarios faults).
            """)

    enum Position: String, ExpressibleByArgument, CaseIterable {
        case on
        case off
    }

    @OptionGroup var target: CtlTarget

    @Argument(help: "Which fault.") var fault: String

    @Argument(help: ArgumentHelp("Whether it begins or ends.", valueName: "on|off")) var position: Position

    func run() throws {
        var bench = try target.connect()
        _ = try bench.ask(.fault(fault, isOn: position == .on))
        Console.print("\(fault) is \(position.rawValue)")
    }
}
