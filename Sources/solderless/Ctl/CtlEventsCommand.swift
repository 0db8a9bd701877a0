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

    func run() throws {
        let signals = try SignalPipe()
        var bench = try target.connect()
        try bench.follow(
            alsoWaitingFor: [signals.pollDescriptor, PollDescriptor(.standardOutput, for: [])], Console.print
        ) { ready in
            // Also when the reader has closed its end.
            !ready[0].isEmpty || ready[1].contains(.hungUp)
        }
    }
}
