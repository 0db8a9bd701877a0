import Bench
import Files
import Line
import Ports
import Words

/// Records in front of a port, until it is told to end.
struct FrontPortRecording {
    var device: String
    /// The trace.
    var output: String
    /// Whether a file of that name may be replaced.
    var replacing: Bool
    /// Whether the session is told on standard error while it happens.
    var isVerbose: Bool
    /// Whether a report is printed at the end.
    var isReported: Bool
    var options: FrontPortOptions
    var faults: RecordedFaultOptions

    /// - Throws: `PortError`, `CaptureError`, and what `RecordedFaultOptions.set` throws.
    func run() throws {
        try requireDifferent(input: device, output: output)
        let signals = try SignalPipe()
        var plan = RecordingPlan(device: device, tracePath: output)
        plan.link = try options.link ?? (options.noLink ? nil : PseudoTerminal.defaultLink(name: "record"))
        if let link = plan.link, absolute(link) == absolute(output) {
            throw Failure(
                .usage, "\(printable(output)) is the link to the flasher's port: name another file for the trace")
        }
        plan.replacesTrace = replacing
        plan.mostTraceBytes = try options.mostBytes()
        plan.programVersion = Solderless.version
        plan.commandLine = CommandLineWords.all.joined(separator: " ")
        if let advice = try faults.set(&plan), !options.quiet { Console.log(advice) }
        let recording = try begin(plan)
        defer { report(recording) }
        let ending = try recording.run(alsoWaitingFor: [signals.pollDescriptor]) { $0[0].contains(.readable) }
        if ending == .unplugged, !options.quiet {
            Console.log("the adapter is unplugged, as the fault says; the recording ends")
        }
    }

    /// Starts, and says that the port is there. - Throws: `PortError`, `CaptureError`.
    private func begin(_ plan: RecordingPlan) throws -> PortRecording {
        let recording: PortRecording
        do {
            recording = try PortRecording(
                plan, log: ConsoleLog.logger(isQuiet: options.quiet), story: isVerbose ? ConsoleLog.story : nil)
        } catch var error as PortError where error.path == plan.link && error.code == .busy {
            error.remedy += "; or make none: --no-link"
            throw error
        }
        Console.printName(recording.portLink ?? recording.path)
        guard !options.quiet else { return recording }
        Console.log("port: \(recording.path)\(recording.portLink.map { " (\($0))" } ?? ""); records \(device)")
        for fault in plan.faults { Console.log("fault: \(fault.label)") }
        if faults.isAsked { Console.log("seed: \(faults.seed)") }
        return recording
    }

    private func report(_ recording: PortRecording) {
        guard let summary = recording.summary else { return }
        let report = RecordReport(
            device: device, port: recording.portLink ?? recording.path, trace: absolute(output),
            seed: faults.isAsked ? faults.seed : nil, scenario: faults.scenario, summary: summary)
        if !options.quiet { for line in report.lines { Console.log(line) } }
        if isReported { Console.print(report.json.description) }
    }
}
