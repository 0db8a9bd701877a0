import ArgumentParser
import Bench
import Files
import Ports
import Words

/// Which emulation a command is for.
struct CtlTarget: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The emulation's port: its link, its /dev/pts/N or its control socket. (default: what "
                + "SOLDERLESS_CONTROL names, or the only emulation that is running)",
            valueName: "port"))
    var port: String?

    mutating func validate() throws {
        guard port != "" else { throw ValidationError("--port takes a port, and is empty here") }
    }

    /// What the environment of `run`'s command says.
    static let variable = "SOLDERLESS_CONTROL"

    /// - Throws: `Failure`, `PortError`.
    func connect() throws -> RemoteEmulation {
        if let port { return try RemoteEmulation(socket: try socket(of: port)) }
        if let socket = environmentVariable(Self.variable) {
            return try RemoteEmulation(socket: socket)
        }
        let running = try RemoteEmulation.running()
        let answering = running.filter { if case .success = $0.status { true } else { false } }
        // One that does not answer is no choice, unless it is the only one: then it says why.
        let choices = answering.isEmpty ? running : answering
        switch choices.count {
        case 0:
            throw Failure(.environment, "no emulation is running; start one with solderless emulate, or run")
        case 1: return try RemoteEmulation(socket: choices[0].socket)
        default:
            throw Failure(
                .usage,
                "\(running.count) emulations are running; say which with --port:\n"
                    + CtlListCommand.text(of: running).joined(separator: "\n"))
        }
    }

    /// The socket beside a link, the socket itself, or that of a running emulation that has the port.
    private func socket(of port: String) throws -> String {
        let beside = ControlFolder.socket(besideLink: port)
        if FileStamp(path: beside) != nil { return beside }
        if ControlFolder.isSocket(port) { return port }
        // As an emulation spells them.
        let names = Set([port, place(of: port)].map(legible))
        let running = try RemoteEmulation.running()
        for (socket, status) in running {
            guard let status = try? status.get() else { continue }
            if names.contains(status.port) || status.link.map(names.contains) ?? false { return socket }
        }
        throw Failure(
            .environment,
            "no emulation has the port \(port)"
                + (running.isEmpty ? "; none is running" : "; running are:\n")
                + CtlListCommand.text(of: running).joined(separator: "\n"))
    }
}
