import Logging
import Ports

/// What others reach an emulation by.
extension Emulation {
    /// What a client opens. - Throws: `PortError`.
    static func clientPort(_ plan: EmulationPlan, _ log: Logger) throws(PortError) -> ClientPort {
        switch plan.network {
        case .rfc2217(let address): .rfc2217(try RFC2217Port(address))
        case .tcp(let address, let baud): .tcp(try TCPPort(address, baud: baud))
        case nil: .terminal(LinedTerminal(try terminal(plan.link), asking: plan.hasLines ? linesSocket(log) : nil))
        }
    }

    /// - Throws: `PortError`, which names the options that help.
    private static func terminal(_ link: String?) throws(PortError) -> PseudoTerminal {
        do throws(PortError) {
            return try PseudoTerminal(link: link)
        } catch {
            var error = error
            if link != nil, error.code == .busy || error.code == .linkTaken {
                error.remedy += "; or make none: --no-link"
            }
            throw error
        }
    }

    /// Without one the emulation does without control lines.
    private static func linesSocket(_ log: Logger) -> LinesSocket? {
        do {
            return try LinesSocket()
        } catch {
            log.warning("no control lines: \(error)")
            return nil
        }
    }

    /// If the socket was not asked for explicitly, the emulation does without it.
    static func server(_ choice: EmulationPlan.Control, _ log: Logger) throws(PortError) -> ControlServer? {
        // What killed emulations have left in the runtime folder goes now.
        if choice != .none { ControlFolder.removeThoseOfTheDead() }
        switch choice {
        case .none: return nil
        case .required(let path): return try ControlServer(path: path)
        case .wanted(let path):
            do {
                return try ControlServer(path: try path ?? ControlFolder.socketWithoutLink())
            } catch {
                log.warning("no control socket, so `solderless ctl` cannot reach this emulation: \(error)")
                return nil
            }
        }
    }
}
