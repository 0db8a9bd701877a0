import ArgumentParser
import Bench
import Ports
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

struct CtlEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print events as they happen, one line of JSON each, until the emulation ends or ^C.",
        discussion: "Earlier events are in the trace (--trace) and on the emulation's standard error.")

    @OptionGroup var target: CtlTarget

    @Option(
        help: ArgumentHelp(
            "What is told only to those who ask for it: story (the session, line by line), waves (what an oscilloscope "
                + "at the inputs shows), flash (what is done to it). May be given several times.", valueName: "what"))
    var also: [Stream] = []

    enum Stream: String, ExpressibleByArgument, CaseIterable {
        case story
        case waves
        case flash

        var stream: ControlStreams {
            switch self {
            case .story: .story
            case .waves: .waves
            case .flash: .flash
            }
        }
    }

    func run() throws {
        let signals = try SignalPipe()
        var bench = try target.connect()
        try bench.follow(
            also.reduce([]) { $0.union($1.stream) },
            alsoWaitingFor: [signals.pollDescriptor, PollDescriptor(.standardOutput, for: [])], Console.print
        ) { ready in
            // Also when the reader has closed its end.
            !ready[0].isEmpty || ready[1].contains(.hungUp)
        }
    }
}
