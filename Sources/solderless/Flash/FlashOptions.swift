import ArgumentParser
import Bench
import Digests
import Files
import Flasher
import Images
import Ports
import Wire

/// What every `flash` command takes.
struct FlashOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The serial port, real or emulated.", valueName: "path"))
    var port: String

    @Option(
        help: ArgumentHelp(
            "Baud rate once the stub runs; the boot always uses 115200. (default: 921600, or 2000000 with "
                + "--dialect rdtool)"))
    var baud: Int?

    @Option(
        help: ArgumentHelp(
            "The stub to upload. A real port needs a file; an emulated one also takes a built-in placeholder: "
                + "\(StubImage.Version.allCases.map(\.rawValue).joined(separator: ", ")). "
                + "(default: community, or vendor-1.3.4 with the other dialects)",
            valueName: "file|name"))
    var stub: String?

    @Option(
        help: ArgumentHelp(
            "How to talk to the stub: community (XMODEM), vendor (frames), or rdtool, an imitation of RDTool with "
                + "its frames, baud rate and log, made from users' reports."))
    var dialect = Dialect.community

    @Option(
        help: ArgumentHelp(
            "How long to repeat the sync word. RDTool's value is unknown; the default is an assumption.",
            valueName: "seconds"))
    var syncFor = 30.0

    @Option(
        help: ArgumentHelp(
            "Time from one sync word to the next. RDTool's value is unknown; the default is an assumption.",
            valueName: "milliseconds"))
    var syncEvery = 50.0

    @Option(help: ArgumentHelp("Write a trace (pcap) of what was sent and received on the port.", valueName: "file"))
    var trace: String?

    @Flag(help: "Replace existing files: traces, back-ups, output.")
    var overwrite = false

    @OptionGroup var report: ReportFormat

    mutating func validate() throws {
        if let baud, !(1...4_000_000).contains(baud) {
            throw ValidationError("--baud takes 1 to 4000000, not \(baud)")
        }
        guard (1...10_000).contains(syncEvery) else {
            throw ValidationError("--sync-every takes 1 to 10000 milliseconds, not \(syncEvery)")
        }
        guard (0.1...86_400).contains(syncFor) else {
            throw ValidationError("--sync-for takes 0.1 to 86400 seconds, not \(syncFor)")
        }
    }

    /// Opens the port and runs a job on it, telling a person how it goes. Returns only when it went well.
    /// - Throws: `PortError`, `CaptureError`, `Failure`.
    ///
    /// Everything that can be found out about files is found out before the port is opened.
    func perform(_ job: Job, keeping files: FlashFiles = FlashFiles(), compression: Int? = nil) throws {
        try files.check(overwrites: overwrite)
        // Before the port, so that a ^C from here on ends the job and not the process.
        let interruption = try SignalPipe()
        let serial = try SerialPort.open(path: port, baud: BootProtocol.baud)
        let image = try stubImage(isEmulated: serial.isPseudoTerminal)
        var settings = FlasherSettings.usual(for: dialect)
        settings.syncInterval = .milliseconds(syncEvery)
        settings.syncWindow = .seconds(syncFor)
        settings.workingBaud = baud ?? settings.workingBaud
        settings.compression = compression
        let flasher = Flasher(job: job, dialect: dialect, stub: image, settings: settings)
        let session = try HostSession(flasher, on: serial, trace: hostTrace)
        let progress = FlashProgress(job, files: files, overwrites: overwrite)
        let outcome: Outcome
        do {
            outcome = try session.run(progress.audience, interruption: interruption)
        } catch is HostSession.Interrupted {
            throw Failure(
                .failed, "stopped at once; the state of the chip is unknown: switch its power off and on")
        }
        progress.end()
        let traceFailure = session.traceFailure
        if let traceFailure { Console.complain("\(traceFailure)") }
        // A port that is gone is no verdict on the chip.
        try FlashResult(job, outcome, progress, dialect).show(
            as: report, failingWith: session.portFailure == nil ? .failed : .environment)
        // The job is done, but what was asked for is not all there.
        guard traceFailure == nil else { throw ExitCode.environment }
    }

    private func stubImage(isEmulated: Bool) throws -> [UInt8] {
        guard let stub, StubImage.Version(rawValue: stub) == nil else {
            guard isEmulated else {
                throw Failure(
                    .usage,
                    "\(port) is a real port: name the stub with --stub FILE. The built-in stubs are placeholders "
                        + "for the emulator; a real chip would crash on them")
            }
            let usual = dialect.speaksFrames ? StubImage.Version.vendor134 : .community
            return StubImage.placeholder(for: stub.flatMap(StubImage.Version.init) ?? usual)
        }
        let image = try Self.unpacked(FileStore.read(path: stub, limit: 1 << 20), stub)
        guard isEmulated || StubImage.placeholderVersion(of: image) == nil else {
            throw Failure(.usage, "\(stub) is a placeholder for the emulator; a real chip would crash on it")
        }
        guard !image.isEmpty else { throw Failure(.environment, "\(stub) is empty") }
        return image
    }

    /// Flashers carry the community stub gzipped (ECR6600 facts §4); the chip wants it unpacked.
    private static func unpacked(_ file: [UInt8], _ path: String) throws -> [UInt8] {
        guard Gzip.begins(file) else { return file }
        do throws(GzipProblem) {
            let stub = try Gzip.unpack(file, limit: 1 << 20)
            let what = StubImage(identifying: stub).map { ": \($0)" } ?? ""
            Console.error("\(path) is gzipped; unpacked it has \(stub.count) bytes\(what)")
            return stub
        } catch {
            throw Failure(.environment, "\(path): \(error)")
        }
    }

    private var hostTrace: HostTrace? {
        trace.map {
            HostTrace(
                path: $0, replaces: overwrite, programVersion: Solderless.version,
                commandLine: CommandLineWords.all.joined(separator: " "))
        }
    }
}

extension Dialect: ExpressibleByArgument {}

/// A number as people write addresses: `0x7000` or `28672`.
struct Offset: ExpressibleByArgument, Hashable {
    var value: Int

    init?(argument: String) {
        let isHex = argument.lowercased().hasPrefix("0x")
        let digits = isHex ? argument.dropFirst(2) : argument[...]
        // Int would take a sign as well.
        guard digits.allSatisfy(\.isHexDigit), let value = Int(digits, radix: isHex ? 16 : 10), value <= 0xFFFF_FFFF
        else { return nil }
        self.value = value
    }
}
