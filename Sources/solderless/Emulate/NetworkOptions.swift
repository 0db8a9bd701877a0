import ArgumentParser
import Bench
import Ports

/// `emulate --rfc2217` and `--tcp`: a port that is reached over TCP, where a pseudo-terminal cannot be.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: .customLong("rfc2217"),
        help: ArgumentHelp(
            "Serve the port over TCP by RFC 2217, with rates, DTR, RTS and breaks, instead of a pseudo-terminal; with port "
                + "0 the system chooses one. On this machine only: 127.0.0.1. See docs/network.md.",
            valueName: "address:port"))
    var rfc2217: String?

    @Option(
        name: .customLong("tcp"),
        help: ArgumentHelp(
            "Serve the port over TCP as bare bytes, without rates and control lines.", valueName: "address:port"))
    var tcp: String?

    @Option(
        help: ArgumentHelp(
            "With --tcp: the rate of the host's end, all the time. (default: \(TCPPort.usualBaud))", valueName: "baud"))
    var tcpBaud: Int?

    /// What was asked for; nil for a pseudo-terminal.
    var plan: EmulationPlan.Network? {
        if let address = try? rfc2217.map(LoopbackAddress.init) { return .rfc2217(address) }
        guard let address = try? tcp.map(LoopbackAddress.init) else { return nil }
        return .tcp(address, baud: tcpBaud ?? TCPPort.usualBaud)
    }

    mutating func validate() throws {
        guard rfc2217 == nil || tcp == nil else {
            throw ValidationError("--rfc2217 contradicts --tcp: a chip has one port, leave one out")
        }
        guard tcpBaud == nil || tcp != nil else { throw ValidationError("--tcp-baud needs --tcp") }
        if let tcpBaud, !(1...Int(UInt32.max)).contains(tcpBaud) {
            throw ValidationError("--tcp-baud takes 1 to \(UInt32.max), not \(tcpBaud)")
        }
        for (option, text) in [("--rfc2217", rfc2217), ("--tcp", tcp)] {
            do throws(LoopbackAddress.Problem) {
                if let text { _ = try LoopbackAddress(text) }
            } catch {
                throw ValidationError("\(option): \(error)")
            }
        }
    }

    /// What only a pseudo-terminal has. - Throws: `ValidationError`.
    func check(link: String?) throws {
        guard plan != nil, link != nil else { return }
        throw ValidationError(
            "--link names a link to a pseudo-terminal, and \(tcp == nil ? "--rfc2217" : "--tcp") makes none: leave one of "
                + "them out")
    }
}
