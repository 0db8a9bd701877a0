import ArgumentParser
import Bench
import Capture
import Ports
import Replay

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a trace's chip on a pseudo-terminal to a flasher of yours.",
        discussion: """
            The host's bytes must come as they are recorded, in any chunks; the chip's come back with their recorded \
            delays. The first divergence is explained: where, what was expected, what came. The first line on standard \
            output is the port. Exit code 0 when the whole trace was played, 1 when the host diverged.
            """)

    @Argument(help: "The trace.") var trace: String

    @Option(help: ArgumentHelp("Symbolic link to the port. (default: replay in the runtime folder)", valueName: "path"))
    var link: String?

    @Flag(help: "Answer at once instead of after the recorded delays.") var noDelays = false

    @Option(
        help: ArgumentHelp(
            "How much longer than in the trace the host may be silent, once it has begun.", valueName: "seconds"))
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
        Console.print(port.link ?? port.path)
        Console.log("port: \(port.path)\(port.link.map { " (\($0))" } ?? ""); waiting for a host")
        switch try port.run(alsoWaitingFor: [signals.pollDescriptor], until: { $0[0].contains(.readable) }) {
        case .complete where port.undeliveredByteCount > 0:
            Console.print(
                "everything the host sent was as recorded, but \(port.undeliveredByteCount) bytes of the chip's answers "
                    + "were never read by it")
            throw ExitCode.failed
        case .complete(let summary):
            Console.print(
                "replayed whole: \(summary.hostByteCount) bytes of the host as recorded, \(summary.chipByteCount) of the "
                    + "chip's played")
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
