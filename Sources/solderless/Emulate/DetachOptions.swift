import ArgumentParser
import Bench
import Files
import Foundation
import Ports
import Words

/// `emulate --detach`: the program starts itself once more in a session of its own, passes on what that says until its
/// port can be opened, and ends.
struct DetachOptions: ParsableArguments {
    @Flag(
        help: """
            Return as soon as the port can be opened; the emulation runs in the background until solderless ctl stop \
            or SIGTERM.
            """)
    var detach = false

    @Option(
        help: ArgumentHelp(
            "With --detach: append the log to this file. (default: a file named after the process id in the runtime "
                + "folder, kept for a day)",
            valueName: "file"))
    var log: String?

    /// This is the one that goes on.
    @Flag(name: .customLong("is-detached"), help: .private)
    var isDetached = false

    /// That flag: what a person wrote is the command line without it.
    static let mark = "--is-detached"

    mutating func validate() throws {
        guard log != "" else { throw ValidationError("--log needs a path") }
        guard log == nil || detach else { throw ValidationError("--log needs --detach") }
    }

    /// Whether this is the one that comes back.
    var isToBeStarted: Bool { detach && !isDetached }

    /// Starts the other one. - Throws: `PortError`; the other one's exit code, if it ended.
    func start() throws {
        let program = try DetachedProgram(arguments: CommandLineWords.all.dropFirst() + [Self.mark])
        let code = try program.untilItIsReady(Console.pass)
        if let code { throw ExitCode(code) }
    }

    /// Prints the start's messages and releases the waiting parent. - Throws: `PortError` when there is no log.
    func becomeReady(_ port: String, _ emulation: Emulation, _ lines: [String], isQuiet: Bool) throws {
        let outputs = try log.map { path throws(PortError) in try LogFile(path) } ?? LogFile.inRuntimeFolder()
        Console.printName(port)
        for line in lines { Console.log(line) }
        if !isQuiet {
            Console.log("process: \(ProcessInfo.processInfo.processIdentifier), log: \(outputs.path)")
            let process = ProcessInfo.processInfo.processIdentifier
            Console.log(
                emulation.control == nil
                    ? "end it with: kill \(process)"
                    : "end it with: solderless ctl --port "
                        + "\(shellWord(emulation.link.map(absolute) ?? emulation.path)) stop")
        }
        try outputs.takeOutputs()
        for line in lines { Console.log(line) }
    }
}
