import ArgumentParser
import Bench
import Scenarios

struct CtlPlugCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plug",
        abstract: "Put a wire of the adapter or of the supply onto a pad of the board.",
        discussion: """
            Wires: \(Hookup.Wire.names). Pads: \(Hookup.Pad.names).

            Example: solderless ctl plug adapter-gnd gnd
            """)

    @OptionGroup var target: CtlTarget

    @Argument(help: "Which wire, by the connector that it comes from.") var wire: Hookup.Wire

    @Argument(help: "The pad.") var pad: Hookup.Pad

    func run() throws {
        var bench = try target.connect()
        _ = try bench.ask(.plug(wire, pad))
        Console.print("\(wire.rawValue) is on \(pad.rawValue)")
    }
}

struct CtlUnplugCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unplug",
        abstract: "Pull a wire off the board.",
        discussion: "Wires: \(Hookup.Wire.names).")

    @OptionGroup var target: CtlTarget

    @Argument(help: "Which wire, by the connector that it comes from.") var wire: Hookup.Wire

    func run() throws {
        var bench = try target.connect()
        _ = try bench.ask(.plug(wire, nil))
        Console.print("\(wire.rawValue) is loose")
    }
}

extension Hookup.Wire: ExpressibleByArgument {
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Hookup.Pad: ExpressibleByArgument {
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
