import ArgumentParser
import Bench
import Capture
import Ports
import Replay

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play the chip of a trace to your flasher, on a pseudo-terminal.",
        discussion: """
            The host must send the recorded bytes, in chunks of any size; the chip's bytes follow with their recorded \
            delays. The first divergence is explained: where, what was expected, what came. The first line on \
            standard output is the port. Exit code 0 if the whole trace was played, 1 if the host diverged.
            """)

    @Argument(help: "The trace.") var trace: String

    @Option(help: ArgumentHelp("Symbolic link to the port. (default: replay in the runtime folder)", valueName: "path"))
    var link: String?

    @Flag(help: "Answer at once, without the recorded delays.") var noDelays = false

    @Option(
        help: ArgumentHelp(
            "How much longer than in the trace the host may be silent, once it has started.", valueName: "seconds"))
    var patience = 10.0

    mutating func validate() throws {
        guard (0.001...86_400).contains(patience) else {
            throw ValidationError("--patience takes 0.001 to 86400 seconds, not \(patience)")
        }
    }

    func run() throws {
        let events = try TraceReader(opening: trace).events()
        guard !Player(events).isEmpty else {
            throw Failure(
                .environment,
                "\(trace) has no byte that a host or a chip is known to have sent: there is nothing to play. `show` tells "
                    + "what is in it")
        }
        let signals = try SignalPipe()
        let port = try ReplayPort(
            events, link: link ?? PseudoTerminal.defaultLink(name: "replay"), delays: noDelays ? .none : .recorded,
            patience: .seconds(patience))
        Console.printName(port.link ?? port.path)
        Console.log("port: \(port.path)\(port.link.map { " (\($0))" } ?? ""); waiting for a host")
        switch try port.run(alsoWaitingFor: [signals.pollDescriptor], until: { $0[0].contains(.readable) }) {
        case .complete where port.undeliveredByteCount > 0:
            Console.print(
                "the host sent what was recorded, but never read \(port.undeliveredByteCount) bytes of the chip's "
                    + "answers")
            throw ExitCode.failed
        case .complete(let summary):
            Console.print(
                "replayed to the end: \(summary.hostByteCount) bytes from the host as recorded, "
                    + "\(summary.chipByteCount) bytes played from the chip")
        case .diverged(let divergence):
            let context = ReplayContext(events, upTo: divergence.hostOffset)
            Console.print(divergence.explanation(inside: context.description))
            throw ExitCode.failed
        case .running:
            Console.print("stopped before the trace's end")
            throw ExitCode.failed
        }
    }
}
