import ArgumentParser
import Bench
import Ports
import Scenarios
import Words

struct EmulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulate",
        abstract: "Put a chip on a pseudo-terminal, or on a TCP port, until it is stopped.",
        discussion: """
            The first line on standard output is the port, for scripts to read. While it runs, switch its power or \
            reset it with solderless ctl, or with keys if input and output are a terminal (\(EmulationKeys.legend)). \
            It ends in good order with ^C, q, solderless ctl stop, or any signal that ends a program.
            """)

    @OptionGroup var options: EmulationOptions

    @OptionGroup var network: NetworkOptions

    @OptionGroup var detaching: DetachOptions

    @Flag(
        help: """
            Print the environment that gives a program control lines at the port, by a preload library; docs/lines.md \
            has more.
            """)
    var lines = false

    @Flag(help: "Take no keys from the terminal.")
    var noKeys = false

    @Flag(name: .shortAndLong, help: "Print only warnings and errors.")
    var quiet = false

    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Print what happens on the line and in the chip, as it happens, on standard "
                + "error."))
    var verbose = false

    mutating func validate() throws {
        guard !options.overwrite || options.trace != nil else { throw ValidationError("--overwrite needs --trace") }
        guard !quiet || !verbose else { throw ValidationError("--quiet contradicts --verbose: leave one out") }
        try network.check(link: options.link)
        guard !lines || network.plan == nil else {
            throw ValidationError("--lines is of a pseudo-terminal: a port over the network has control lines already")
        }
        let hasLink = options.link != nil || !options.noLink && network.plan == nil
        guard !detaching.detach || !options.noControl || hasLink else {
            throw ValidationError(
                "--detach needs a link or a control socket: without them you could not find the emulation again")
        }
    }

    func run() throws {
        guard !detaching.isToBeStarted else { return try detaching.start() }
        let keys = noKeys ? nil : try EmulationKeys()
        let signals = try keys == nil ? SignalPipe() : SignalPipe(EmulationKeys.signals)
        let library = try lines ? PreloadLibrary(.lines) : nil
        var plan = try options.plan(linksByDefault: network.plan == nil)
        plan.network = network.plan
        plan.hasLines = lines
        let emulation = try Emulation(
            plan, log: ConsoleLog.logger(isQuiet: quiet), story: verbose ? ConsoleLog.story : nil)
        try begin(emulation, plan, keys, library)
        let others = [signals.pollDescriptor] + (keys.map { [$0.pollDescriptor] } ?? [])
        // Whatever fails at the end: what is in the files is said.
        defer {
            if !quiet, let remark = emulation.flashRemark { Console.log("flash: \(remark)") }
        }
        let ending = try emulation.run(alsoWaitingFor: others) { ready in
            guard let keys else { return ready[0].contains(.readable) }
            return keys.hear(signals) || keys.follow(emulation, say: Console.log)
        }
        if ending == .unplugged {
            Console.log("the adapter was unplugged, as the scenario says; the emulation ends")
        }
        if !quiet, let trace = options.trace { Console.log("trace: \(trace)") }
    }

    /// Says that the port is there, and what it is.
    private func begin(
        _ emulation: Emulation, _ plan: EmulationPlan, _ keys: EmulationKeys?, _ library: PreloadLibrary?
    ) throws {
        var lines: [String] = []
        if let warning = plan.setup.scenario.flashID.communityStubRemark { lines.append("warning: \(warning)") }
        if !quiet {
            lines.append("port: \(emulation.path)\(emulation.link.map { " (\($0))" } ?? "")")
            lines.append("chip: \(options.summary(of: plan))")
            lines.append("seed: \(options.seed)")
            if keys?.areRead == true { lines.append("keys: \(EmulationKeys.legend)") }
        }
        if let library, let socket = emulation.linesSocket, let device = Terminals.device(emulation.path) {
            let variables = library.variables(socket: socket, device: device)
                .map { name, value in "\(name)=\(shellWord(value ?? ""))" }
            lines.append("lines: env \(variables.joined(separator: " ")) COMMAND")
        }
        let port = emulation.link ?? emulation.path
        guard !detaching.detach else { return try detaching.becomeReady(port, emulation, lines, isQuiet: quiet) }
        Console.printName(port)
        for line in lines { Console.log(line) }
    }
}
